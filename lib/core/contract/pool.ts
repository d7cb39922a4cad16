import type { Autoscaler } from '../scaling/autoscaler.js';
import type { PoolEventListener, PoolEventName } from './events.js';
import type { RunOptions } from './run-options.js';
import type { PoolSnapshot } from './snapshot.js';

/** A named set of workers that drain one shared, bounded queue. Made by `createPool`. */
export interface Pool extends AsyncDisposable {
  readonly name: string;
  /** What keeps its size where its policy wants it: decisions, health, policy. `null` with `scaling: false`. */
  readonly autoscaler: Autoscaler | null;

  /** Resolves when the initial workers are up; rejects with `WorkerCrashedError` when they cannot boot. `run()` before that queues. */
  ready(): Promise<void>;

  /**
   * Runs a task on a worker. Never throws synchronously.
   *
   * Rejects with what the task threw; or `PoolFullError`, `PoolClosedError`, `TaskNotFoundError`, `QueueTimeoutError`,
   * `TaskTimeoutError`, `TaskCloneError`, `WorkerCrashedError`; or `signal.reason` once a signal was aborted. An
   * `AbortSignal` among the arguments cancels as well, and the task gets a live one in its place.
   */
  run<R = unknown>(task: string, args?: readonly unknown[], options?: RunOptions): Promise<R>;

  /**
   * Sets the target. Growing starts workers at once; shrinking lets busy ones finish first, unless `eager`, which
   * aborts their tasks. While a person has pinned the size, it says where the size goes when the pin ends. Resolves when the size has followed (a superseded resize resolves with the later one);
   * rejects with `PoolConfigError` outside min..max, `PoolClosedError` on a closed pool.
   */
  resize(target: number, options?: { reason?: string; eager?: boolean }): Promise<void>;

  /** Starts workers ahead of the load until there are `n`, raising the target if it is lower; resolves when they are ready. */
  prewarm(n: number): Promise<void>;

  /** Starts nothing new; running tasks end, submissions queue. Idle threads may leave, down to none. */
  pause(): void;
  /** Ends a pause or a drain. */
  resume(): void;
  /** Refuses new work (`PoolClosedError`, code `DRAINING`) and resolves when all that was accepted has finished. */
  drain(): Promise<void>;

  /**
   * Refuses new work, lets accepted work finish up to the deadline (10,000 ms), then aborts what is left and
   * terminates its threads. Idempotent: every call resolves when nothing runs any more; a shorter deadline wins.
   * `force` is a deadline of 0.
   */
  close(options?: { timeoutMs?: number; force?: boolean }): Promise<void>;

  snapshot(): PoolSnapshot;

  on<E extends PoolEventName>(event: E, listener: PoolEventListener<E>): this;
  off<E extends PoolEventName>(event: E, listener: PoolEventListener<E>): this;
}
