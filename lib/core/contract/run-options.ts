import type { Transferable } from 'node:worker_threads';

/** How one call is to be run. Every field is optional; the pool's own options are the defaults. */
export interface RunOptions {
  /** Cancels the call: before it starts (its place in the queue is freed) or while it runs. The call rejects with `signal.reason`. */
  signal?: AbortSignal;
  /** Milliseconds the task may run once started; then `TaskTimeoutError`. Default: the pool's `taskTimeoutMs`, none. */
  timeoutMs?: number;
  /** Milliseconds the task may wait before it starts; then `QueueTimeoutError`. Default: the pool's `queueTimeoutMs`, none. */
  queueTimeoutMs?: number;
  /** Under `queue.order: 'priority'`: a whole number from 0 to 15, 15 first. Default 0. */
  priority?: number;
  /** Under `queue.order: 'fair'`: whose turn it takes. Calls without one share a turn. */
  tenant?: string;
  /** Objects that move to the worker instead of being copied; the caller can no longer use them. */
  transfer?: readonly Transferable[];
  /**
   * Whether the task may run again where its worker exited while it ran. Then it is retried with back-off (100 ms, doubling
   * up to 10 s). Not where its arguments have moved. Default false: the call rejects with `WorkerCrashedError`.
   */
  idempotent?: boolean;
  /** Most retries of an idempotent task: a whole number from 0 to 100. Default 2. What a task throws is never retried. */
  retries?: number;
  /** Hears what the task reports by `taskContext().progress(value)`; the pool tells the same as its event `progress`. */
  onProgress?: (value: unknown) => void;
}
