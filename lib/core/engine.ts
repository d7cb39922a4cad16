import type { Transferable } from 'node:worker_threads';

/**
 * The contract between the pool and the engines that run its tasks.
 *
 * A task handed to a worker passes through claim states: `sent` (with the worker, not begun) → `started` → `done`
 * (ended, its reply perhaps still on the way), or `sent` → revoked. A `sent` task still counts as queued. The pool
 * decides what runs where; an engine only moves tasks and reports. Every report arrives on the pool's own thread,
 * and none arrives after `exited`.
 */
export interface Engine {
  /**
   * Tasks that may wait at a worker beyond those it has started. 0: each is started as it is sent. Above 0, a worker
   * runs its tasks one at a time, in the order in which they were sent.
   */
  readonly presend: number;
  /** Whether `terminate` really stops a running task (a thread), or merely lets go of it (an async slot). */
  readonly interrupts: boolean;
  /** Workers that boot at the same time without making each other slower; more wait for them. Default: any number. */
  readonly bootsAtOnce?: number;
  /** The names of all tasks where they are known without a worker; else `null`. */
  readonly taskNames: readonly string[] | null;
  /** Workers that are booted and that nobody has asked for yet. Default: none. */
  readonly spares?: number;
  /** Begins to boot a worker; the sink hears `ready` or `exited`, never before this returns. Throws `PoolConfigError` where the platform refuses the options. */
  spawn(workerId: number, sink: WorkerSink): EngineWorker;
  /** Takes what goes with a call out of the caller's surroundings, while the caller calls; put back around the task. Default: nothing. */
  readonly capture?: (() => unknown) | undefined;
  /** Runs a task on the calling thread: for the overflow policy `caller-runs`, and for `inlineBelowUs`. */
  runHere(task: EngineTask, caller: CallerPort): Promise<unknown>;
  /** Lets go of what it keeps besides its workers, and keeps nothing more. Forced, nothing is torn down first; may be called again. */
  close?(isForced: boolean): Promise<void>;
}

/**
 * What a call waits for: one value; a stream of items, after which the task's own value is `undefined`; or whichever of
 * the two the task turns out to return.
 */
export type Answer = 'value' | 'stream' | 'either';

/** Items that a stream may yield before the pool grants it more (`EngineWorker.credit`); it never yields without credit. */
export const STREAM_CREDITS = 16;

/** A task as engines see it. */
export interface EngineTask {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
  readonly transfer: readonly Transferable[] | undefined;
  /** Which arguments are signals; the task gets its own, live one in their places. */
  readonly signalArgs: readonly number[];
  /** What the task must return; an engine that finds something else lets it fail. */
  readonly answer: Answer;
  /** 1 for the first run; each retry is one more. */
  readonly attempt: number;
  /** What the engine's `capture` took from the caller's surroundings; `undefined`: nothing. */
  readonly context: unknown;
  /** A note for the engine that holds the task: where. Nobody else reads it; a task starts with -1. */
  slot: number;
}

/** One worker of an engine: a thread, an async slot, a fake. */
export interface EngineWorker {
  /** How many more tasks it has a place for; a task that was taken back may keep its place for a while. */
  readonly room: number;
  /** Hands over tasks, in order and no more than there is `room` for. What cannot be sent is reported as a failed outcome. */
  dispatch(tasks: readonly EngineTask[]): void;
  /** Takes back a task that was sent. True: it will never start. False: it has started, or is unknown. */
  revoke(task: EngineTask): boolean;
  /** Aborts the signal of a started task. The task's outcome is still reported when it ends. */
  abort(task: EngineTask, reason: unknown): void;
  /** Lets a task that streams yield `n` more items. One that has ended meanwhile needs none: nothing happens. */
  credit(task: EngineTask, n: number): void;
  /** Lets the worker tear down and leave; it holds no task. The sink hears `exited`. */
  retire(): void;
  /** Stops the worker now. The sink hears `exited`. */
  terminate(): void;
  /** Reports what has arrived from the worker and was not read yet. */
  poll(): void;
  /** Last known vital signs; zeros until measured. */
  vitals(): WorkerVitals;
}

export interface WorkerVitals {
  readonly heapMb: number;
  readonly elu: number;
  readonly loopDelayMs: number;
}

/** What a started task tells before its end; nothing of it comes after the end. */
export interface TaskReports {
  /** A task whose answer may be `either` streams; told before its first item. */
  opened(task: EngineTask): void;
  /** The next item of a stream, in order and each once. */
  item(task: EngineTask, value: unknown): void;
  /** How far the task is, in its own words. */
  progress(task: EngineTask, value: unknown): void;
}

/** What ties a task that runs on the calling thread to its caller. */
export interface CallerPort extends TaskReports {
  /** Whether anybody listens to `progress`. */
  readonly isFollowed: boolean;
  /** Aborted once the caller was answered before the task has ended. */
  readonly signal: AbortSignal;
  /** What `EngineWorker.credit` is elsewhere; set by the engine while the task streams. */
  onCredit: ((n: number) => void) | null;
}

/** Where a worker reports to. */
export interface WorkerSink extends TaskReports {
  ready(info: { readonly threadId: number | null; readonly tasks: readonly string[] }): void;
  /** A sent task has begun, or is the one that its worker does next; may be told again. */
  started(task: EngineTask): void;
  /** What a started task sent cannot be read on this side, so that its caller cannot be served: it is to be aborted. */
  broken(task: EngineTask, error: unknown): void;
  /** Tasks that ended, oldest first; replies may be batched. None, where merely room was made. */
  settled(outcomes: readonly Outcome[]): void;
  /** The worker is gone; its last report. */
  exited(exit: WorkerExit): void;
}

/** How a task ended. `value` is its result, or what it threw. */
export interface Outcome {
  readonly task: EngineTask;
  readonly ok: boolean;
  readonly value: unknown;
  readonly timing: TaskTiming;
  /** When the task began, on the clock of `performance.now()`, where it was not reported as started. */
  readonly startedAt?: number;
}

/** Milliseconds; `serviceMs` where the task ran, the others on the pool's thread: 0 where nothing is copied or sent. */
export interface TaskTiming {
  readonly serviceMs: number;
  readonly cloneMs: number;
  readonly dispatchMs: number;
}

export type Claim = 'sent' | 'started' | 'done';

export interface WorkerExit {
  readonly code: number | null;
  /** What made it exit, where something did. */
  readonly error?: unknown;
  /** How far a task came that was with the worker and had no outcome reported. */
  claim(task: EngineTask): Claim;
}
