import type { LoadReading } from '../scaling/contract.js';
import type { PoolKind } from './pool-options.js';

/** `open` ⇄ `paused`; `open`/`paused` → `draining` → `open` by `resume()`; any → `closed`, for good. */
export type PoolState = 'open' | 'paused' | 'draining' | 'closed';

/** `aborting`: its task was cancelled and the caller answered, but the task has not ended yet; it takes no work. */
export type WorkerState = 'starting' | 'idle' | 'busy' | 'aborting' | 'draining';

/** A size pinned by a person. Times are milliseconds since the epoch; `until: null` means until released. */
export interface Override {
  readonly size: number;
  readonly owner: string;
  readonly reason: string;
  readonly until: number | null;
}

/**
 * Counts since the pool was created. At every instant
 * `submitted = completed + failed + cancelled + dropped + queued + running`.
 */
export interface PoolCounters {
  /** Calls accepted. A refused call (queue full, pool closed, unknown task once the first worker has told them) was never submitted. */
  readonly submitted: number;
  readonly completed: number;
  /** Tasks that threw, timed out, could not be cloned, or lost their worker. */
  readonly failed: number;
  /** Tasks whose signal was aborted, or that a close or an eager shrink cut short. */
  readonly cancelled: number;
  /** Tasks removed from the queue by an overflow policy. */
  readonly dropped: number;
  /** Calls that a full queue turned away (`PoolFullError`), at once or when `waitMs` was over; they were never submitted. */
  readonly refused: number;
  /** Tasks that were started again; each counts once. */
  readonly retried: number;
  /** Workers that exited without being asked to. */
  readonly crashes: number;
  readonly resizes: { readonly up: number; readonly down: number };
}

/** Milliseconds over `stats.windowMs`; quantiles come from a log-linear histogram (relative error at most 6.25 %). 0 when nothing was recorded. */
export interface DurationStats {
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface WaitStats extends DurationStats {
  /** How long the task at the head of the queue has waited. */
  readonly oldest: number;
}

/** Means are exponentially weighted, in milliseconds. */
export interface TaskStats {
  readonly count: number;
  readonly failed: number;
  /** Runs on the calling thread: by `inlineBelowUs`, or under the overflow policy `caller-runs`. */
  readonly inlined: number;
  /** Time of the work itself. */
  readonly serviceMs: number;
  /** Time this thread spends on a message with the task's arguments, shared among the tasks in it. */
  readonly cloneMs: number;
  /** Time this thread spends on preparing the message and on reading the reply; a wake-up of its event loop comes on top. */
  readonly dispatchMs: number;
  /** Whether the work takes this thread longer than cloning and dispatch; `null` until 20 runs were measured. */
  readonly worthOffloading: boolean | null;
}

/** `heapMb`, `elu` and `loopDelayMs` are 0 until measured; async slots have none of their own. */
export interface WorkerSnapshot {
  readonly id: number;
  /** The thread's id as in `node:worker_threads`; `null` for async slots and before the thread is ready. */
  readonly threadId: number | null;
  readonly state: WorkerState;
  /** Name of a task it runs, or `null`. */
  readonly task: string | null;
  readonly ageMs: number;
  readonly heapMb: number;
  /** Event-loop utilization, 0..1. */
  readonly elu: number;
  /**
   * The longest time by which the worker's event loop was late in the last second or half of it, milliseconds; one that is
   * late now counts. Every 20 ms the thread looks, so what is shorter may be missed, and what is longer is told up to
   * 20 ms too short. A task that computes holds the loop up for as long as it takes, short ones together for some 5 ms.
   * 0.001 while the worker has had nothing to do for a second or so.
   */
  readonly loopDelayMs: number;
}

/** The state of a pool at one instant; frozen. */
export interface PoolSnapshot {
  readonly name: string;
  readonly kind: PoolKind;
  readonly state: PoolState;
  readonly min: number;
  readonly max: number;
  /** The size that is wanted. Idle expiry may hold `size` below it; load brings it back. */
  readonly target: number;
  /** starting + live */
  readonly size: number;
  readonly starting: number;
  /** Ready workers, those draining included. */
  readonly live: number;
  /** Workers running a task whose caller still waits. */
  readonly busy: number;
  /** live - busy */
  readonly idle: number;
  /** Workers that finish their last task before they leave. */
  readonly draining: number;
  /** Threads that are booted and wait for the next worker to be wanted (`worker.spares`); they count in nothing else. */
  readonly spares: number;
  readonly queueDepth: number;
  readonly queueCapacity: number;
  /** For how long tasks have waited without a break, one after the other, milliseconds; 0 while none waits. */
  readonly queuedForMs: number;
  /**
   * For how long there have been tasks, waiting or running, and none has ended where it ran, or yielded an item, milliseconds; from the end of
   * a pause on; 0 without tasks.
   */
  readonly noneEndedForMs: number;
  /** Tasks that one worker may run at the same time: `worker.concurrency`. */
  readonly concurrency: number;
  /** busy / live, 0 without workers. */
  readonly utilization: number;
  readonly override: Override | null;
  readonly counters: PoolCounters;
  readonly wait: WaitStats;
  readonly service: DurationStats;
  /** Sums since the pool was created; what the control loop goes by. */
  readonly load: LoadReading;
  readonly tasks: Readonly<Record<string, TaskStats>>;
  readonly workers: readonly WorkerSnapshot[];
}
