import type { Autoscaler } from '../scaling/autoscaler.js';
import type { PoolEventListener, PoolEventName } from './events.js';
import type { TaskQuarantine } from './quarantine.js';
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
   * Runs a task that returns a stream (an async iterable such as an async generator, an Observable, an iterable, or a promise
   * of one) and yields its items. It is one task: `run()` tells how it is accepted, what ends it and how it is counted. Nothing
   * happens before the first `next()`; from then on the worker is at most 16 items ahead of the reader.
   *
   * An error comes after the items that were yielded before it, an abort at once. When the loop is left early, the call is
   * cancelled, the task's signal aborted, and its `finally` run. The result can be iterated once (`PoolError`, code
   * `STREAM_USED`).
   * @throws PoolConfigError, for wrong arguments.
   */
  stream<R = unknown>(task: string, args?: readonly unknown[], options?: RunOptions): AsyncIterable<R>;

  /**
   * Runs a task on each item, as in `task(item)`, and yields the results. Nothing happens before the first `next()`; from
   * then on no more than `concurrency` + 16 items are held: begun, finished and not read, and the one that was read last.
   * A consumer that is slow stops the source, and no worker. Under any `queue.overflow`, items wait for room in a full
   * queue, for as long as it takes.
   *
   * What a task or the source throws ends the iteration with that error at once, in either order; so does an abort, with
   * `signal.reason`. Then, and when the loop is left early, tasks of the map that have not ended are cancelled, results
   * that were not read are dropped, and the source's `return()` is called and awaited (not where its `next()` still runs).
   * The result can be iterated once (`PoolError`, code `MAP_USED`).
   * @throws PoolConfigError, for wrong arguments.
   */
  map<T, R = unknown>(task: string, items: Iterable<T> | AsyncIterable<T>, options?: MapOptions): AsyncIterable<R>;

  /**
   * Tasks that succeed or fail together.
   * @throws PoolConfigError, for wrong options.
   */
  group(options?: GroupOptions): TaskGroup;

  /**
   * Sets the target. Growing starts workers at once; shrinking lets busy ones finish first, unless `eager`, which
   * aborts their tasks. While a person has pinned the size, it says where the size goes when the pin ends. Resolves when the size has followed (a superseded resize resolves with the later one);
   * rejects with `PoolConfigError` outside min..max, `PoolClosedError` on a closed pool.
   */
  resize(target: number, options?: { reason?: string; eager?: boolean }): Promise<void>;

  /**
   * Runs a task once on every worker, those included that are starting: to set up or clear what workers keep. It takes the
   * next free slot of its worker, ahead of what waits in the queue. Resolves with the results, a worker that left before its
   * turn left out; rejects with the first failure, the others going on, or as `run()` does; with `PoolFullError` where that
   * many tasks do not fit into the queue, under any `queue.overflow`.
   *
   * With `replay`, each worker born later runs it too, before anything else; one that fails there is replaced, with
   * back-off. The latest replay of a task stands for the earlier ones. Its arguments are kept as they are, and copied for
   * each worker. Aborting `signal` cancels the call and ends the replay.
   */
  broadcast<R = unknown>(task: string, args?: readonly unknown[], options?: BroadcastOptions): Promise<R[]>;

  /** Tasks that cost too many workers. */
  readonly quarantine: TaskQuarantine;

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

/** How `Pool.map` goes about its items. */
export interface MapOptions {
  /**
   * Most tasks of this map at once, queued or running: a whole number from 1 to 1,000,000. Default: as many as the pool can
   * run with all its workers (`size.max`, or what its budget leaves it, times `worker.concurrency`; at most 1,024), read
   * anew as that changes. More than that lets short tasks travel in batches.
   */
  concurrency?: number;
  /** Whether results come in the order of the items, and not as they are ready. Default true. */
  ordered?: boolean;
  /** Ends the iteration, and cancels what runs. */
  signal?: AbortSignal;
}

/** How `Pool.broadcast` goes about its workers. */
export interface BroadcastOptions {
  /** Whether workers born later run it too. Default false. */
  replay?: boolean;
  /** Cancels the call, and ends the replay. */
  signal?: AbortSignal;
}

/** How a `TaskGroup` runs its tasks. */
export interface GroupOptions {
  /** Cancels all tasks of the group; they and `wait()` reject with `signal.reason`. */
  signal?: AbortSignal;
  /**
   * Most tasks of the group at once, queued or running in the pool: a whole number from 1 to 1,000,000. The others wait in
   * the group, in the order of `run()`; no deadline counts there. Default: no limit.
   */
  limit?: number;
}

/** Tasks that succeed or fail together. Made by `Pool.group`. */
export interface TaskGroup {
  /**
   * As `Pool.run`, as a part of the group. A rejection, whatever its reason, is a failure of the group: it need not be
   * handled here as well. A task of a group that was cancelled rejects with `PoolError`, code `GROUP_CANCELLED`, whose
   * cause is the first failure; so does a later `run()`. Once `wait()` has resolved, `run()` rejects with code `GROUP_ENDED`.
   */
  run<R = unknown>(task: string, args?: readonly unknown[], options?: RunOptions): Promise<R>;

  /**
   * Resolves when all tasks have completed, those included that `run()` adds meanwhile, with their results in the order
   * of `run()`. The first failure rejects it with that error, and cancels the rest. Every call returns the same promise.
   */
  wait<R = unknown>(): Promise<R[]>;
}
