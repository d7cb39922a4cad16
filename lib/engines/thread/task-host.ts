/** What a thread offers: its tasks, and how to leave. Built once per worker, inside the thread. */
export interface TaskHost {
  /** Every task by name. A task may return a promise or throw. */
  readonly tasks: ReadonlyMap<string, (...args: unknown[]) => unknown>;
  /** Runs a task with what main captured of its caller's surroundings. Default: the task runs without. */
  around?<R>(context: unknown, run: () => R): R;
  /** What a log line of the task that runs is found by, told inside `around`. Default: nothing. */
  correlationIds?(): readonly string[];
  /** Tear-down, awaited before the thread leaves. */
  close?(): Promise<void> | void;
}

/** Builds the host from the plan that the main thread sent along. Throwing fails the boot with that error. */
export type BootTaskHost = (plan: unknown) => Promise<TaskHost> | TaskHost;
