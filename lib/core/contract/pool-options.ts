import type { ResourceLimits } from 'node:worker_threads';
import type { Budget } from '../budget/budget.js';
import type { Preset } from '../scaling/presets.js';
import type { ScalingOptions } from '../scaling/scaling-options.js';
import type { ContextCarrier } from './context-carrier.js';

/** `threads`: tasks compute on worker threads. `async`: tasks wait for I/O, in slots on this event loop. */
export type PoolKind = 'threads' | 'async';

/** A task of an `async` pool. Arguments are passed as they are. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a task may take anything
export type TaskFn = (...args: any[]) => unknown;

export interface SizeOptions {
  /** Floor of `target`, a whole number from 1. Default 1. */
  min?: number;
  /** Ceiling of `target`, at most 1,024. Default: usable cores for threads; required for async pools. */
  max?: number;
  /** Workers started at once. Default `min`. */
  initial?: number;
}

export interface QueueOptions {
  /** Most tasks that may wait, a whole number from 1. Default 10,000. */
  capacity?: number;
  /**
   * What happens to a call that finds the queue full. `reject` (default): it rejects with `PoolFullError`. `wait`: it
   * waits for room, up to `waitMs`; until it has room it is not submitted. `drop-oldest`: the task that has waited
   * longest rejects with `PoolFullError`, and the call takes its place. `caller-runs`: the call runs on the calling
   * thread, at once.
   */
  overflow?: 'reject' | 'wait' | 'drop-oldest' | 'caller-runs';
  /** Milliseconds a call may wait for room under `wait`; then `PoolFullError`. Default: none. */
  waitMs?: number;
  /**
   * `fifo` (default); `priority`: by `RunOptions.priority`, one pick of eight going to the longest wait, so that nothing
   * starves; `fair`: tenants take turns, by `RunOptions.tenant`.
   */
  order?: 'fifo' | 'priority' | 'fair';
  /** Under `fair`: how many tasks a tenant may send in its turn, relative to others; above 0, default 1 each. */
  weights?: Record<string, number>;
}

export interface RecycleOptions {
  /** Replace a worker after this many tasks. */
  afterTasks?: number;
  /** Replace a worker whose heap is above this many mebibytes when a task ends. */
  aboveHeapMb?: number;
  /** Replace a worker older than this many milliseconds. */
  afterMs?: number;
}

export interface WorkerOptions {
  /** Tasks one worker may have started at the same time; more than 1 helps only tasks that await. Default 1. */
  concurrency?: number;
  /** V8 limits of each thread, as for `new Worker()`. */
  resourceLimits?: ResourceLimits;
  /** Environment of each thread. Default: a copy of `process.env`. */
  env?: Record<string, string>;
  /** Node.js options of each thread. Default: those of the process. */
  execArgv?: readonly string[];
  /**
   * For tasks that never await: an idle thread sleeps on shared memory for up to 5 ms at a time instead of in its event
   * loop, and wakes faster. Meanwhile its timers and I/O stand still. Not with `concurrency` above 1. Default false.
   */
  parking?: boolean;
  /**
   * Threads kept booted beyond the size of the pool, 0 to 16. A worker that is wanted, or that replaces one that was lost,
   * is then there at once. Each takes the memory of an idle worker, and runs the set-up of its classes ahead. Default 0.
   */
  spares?: number;
  /** When a worker is replaced by a fresh one; the replacement starts first. Default: never. */
  recycle?: RecycleOptions;
}

export interface StatsOptions {
  /** Length of the sliding window of `wait` and `service`, in milliseconds. Default 10,000. */
  windowMs?: number;
  /** Record one task of every n. Default 1. */
  sampleEvery?: number;
}

export interface QuarantineOptions {
  /** Workers that a task, with the same arguments, may cost before it is quarantined: a whole number from 1. Default 3. */
  afterCrashes?: number;
}

/** What a pool is made of. See docs for defaults; anything out of range is a `PoolConfigError` before a thread starts. */
export interface PoolOptions {
  /** Names the pool in errors, events and metrics. */
  name: string;
  /** Default `threads`. */
  kind?: PoolKind;
  /** `threads`: the path or file URL of a module whose exported functions are the tasks. `async`: a record of functions. */
  tasks?: URL | string | Record<string, TaskFn>;
  size?: SizeOptions;
  queue?: QueueOptions;
  /** A worker idle for this many milliseconds leaves, down to `min`. Default 30,000; off while an override is set. */
  idleExpiryMs?: number;
  /** Deadline of a started task, milliseconds. Default none. */
  taskTimeoutMs?: number;
  /** Deadline of a waiting task, milliseconds. Default none. */
  queueTimeoutMs?: number;
  /** Milliseconds an aborted task has to end before its thread is terminated. Default 1,000. */
  abortGraceMs?: number;
  /**
   * Tasks whose mean service time was measured below this many microseconds (over 20 runs at least) run on the calling
   * thread, at most 1 ms in a turn of the event loop; arguments and results are still copied. Default: none do.
   */
  inlineBelowUs?: number;
  worker?: WorkerOptions;
  /**
   * What becomes of a task that keeps making its workers exit: calls with the same arguments reject with
   * `TaskQuarantinedError` until it is released (`Pool.quarantine`). `false`: every call may cost a worker. Default: after 3
   * crashes.
   */
  quarantine?: QuarantineOptions | false;
  stats?: StatsOptions;
  /**
   * How the pool sizes itself: a preset by name, or options. `false`: it does not; the size changes by hand and by idle
   * expiry alone. Default `balanced` for threads, `adaptive` for async pools.
   */
  scaling?: ScalingOptions | Preset | false;
  /**
   * What surrounds calls and goes along to the workers, the first outermost; the module `tasks` exports the same carriers.
   * Only for threads: in async pools AsyncLocalStorage follows by itself. Default: nothing.
   */
  context?: readonly ContextCarrier[];
  /** Workers that this pool shares with others, made by `createBudget`. Default: none, `size.max` alone counts. */
  budget?: Budget;
}
