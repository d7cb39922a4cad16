/** Which task it is that a carrier surrounds, in the worker. */
export interface SurroundedTask {
  readonly pool: string;
  readonly task: string;
  /** The worker's id within its pool. */
  readonly workerId: number;
  /** 1 for the first run; each retry is one more. */
  readonly attempt: number;
}

/**
 * Takes something that surrounds a call (a request's id, a trace) along to the worker, and puts it around the task there.
 *
 * Main and each worker have a carrier of their own, of the same class; only what `capture` returns crosses.
 */
export interface ContextCarrier<Captured = unknown> {
  /**
   * What main and the worker know it by, and what messages call it. Needed only where the carrier is no instance of a
   * class of its own: else it is the class's name.
   */
  readonly name?: string;
  /**
   * On main, in the caller's surroundings, while it calls: what goes along. It is sent with the arguments, by structured
   * clone, and again with each retry. `undefined`: nothing, and the worker's carrier is not asked to do anything.
   */
  capture(): Captured | undefined;
  /** In the worker: calls `task` once, inside what was captured, and returns what it returns. */
  run<R>(captured: Captured, task: () => R, about: SurroundedTask): R;
  /** In the worker, while a task runs inside `run`: what its log lines are found by. */
  correlationId?(): string | undefined;
  /** In the worker, before its thread leaves. */
  close?(): Promise<void> | void;
}
