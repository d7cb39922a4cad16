import type { PoolError } from '../errors.js';
import type { Decision } from '../scaling/contract.js';
import type { QuarantinedTask } from './quarantine.js';
import type { Flapping } from '../scaling/flapping.js';

/** A task as events tell it. `id` is unique within its pool. */
export interface TaskRef {
  readonly id: number;
  readonly task: string;
}

/** Every event of a pool with its payload. Times are milliseconds. */
export interface PoolEventMap {
  submitted: TaskRef;
  started: TaskRef & { readonly workerId: number; readonly waitMs: number };
  completed: TaskRef & { readonly workerId: number; readonly serviceMs: number };
  /** What a running task reported by `taskContext().progress(value)`. */
  progress: TaskRef & { readonly value: unknown };
  /** `serviceMs` is set where the task had started and ended by itself: not where it timed out or lost its worker. */
  failed: TaskRef & { readonly error: unknown; readonly serviceMs?: number | undefined };
  /** An idempotent task lost its worker; attempt number `attempt` begins after `delayMs` at the earliest. */
  retried: TaskRef & { readonly attempt: number; readonly delayMs: number; readonly error: PoolError };
  /** A task cost so many workers that calls with the same arguments are refused from now on. */
  quarantined: QuarantinedTask;
  /** A quarantined task may run again. */
  released: QuarantinedTask;
  cancelled: TaskRef & { readonly reason: unknown };
  dropped: TaskRef;
  /** The target changed. */
  resized: { readonly from: number; readonly to: number; readonly reason: string };
  workerStarted: { readonly workerId: number; readonly threadId: number | null; readonly bootMs: number };
  /** `error` is set where the worker was not asked to leave. */
  workerExited: { readonly workerId: number; readonly reason: WorkerExitReason; readonly error?: PoolError };
  /** The autoscaler decided something new; what repeats itself is not told again. */
  decision: Decision;
  /** The autoscaler turned back and forth too often; the pool does not shrink for a minute. */
  flapping: Flapping;
  /** Options changed while the pool runs: the file of the application's configuration was edited. */
  reconfigured: { readonly changes: readonly OptionChange[]; readonly source: string };
  paused: Record<never, never>;
  resumed: Record<never, never>;
  drained: Record<never, never>;
  closed: Record<never, never>;
}

/** One option that changed; values as they are in effect, `null` for none. What is no data in a policy is told as `{ type: 'custom', name }`. */
export interface OptionChange {
  /** As in the options of a pool: `size.max`, `queue.capacity`; `override.size` where new bounds moved a pinned size. */
  readonly key: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** Why a worker left. */
export type WorkerExitReason = 'shrunk' | 'idle' | 'recycled' | 'aborted' | 'crashed' | 'closed';

export type PoolEventName = keyof PoolEventMap;
export type PoolEventListener<E extends PoolEventName> = (event: PoolEventMap[E]) => void;
