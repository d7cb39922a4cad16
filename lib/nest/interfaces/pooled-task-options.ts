import type { Transferable } from 'node:worker_threads';
import type { RevivableClass } from '../../core/revival/recipe.js';

/** What moves to the other thread instead of being copied; the side that sent it can no longer use it. */
export type PooledTransfer =
  | 'args'
  | 'result'
  | 'both'
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the decorated method's own parameters
  | ((...args: any[]) => readonly Transferable[]);

/** How the calls of a decorated method are run. The pool's own options are the defaults. */
export interface PooledTaskOptions {
  /** The pool that runs it, one of those of the application, by whichever call of `DynamicPoolModule`. */
  pool: string;
  /** The task's name in the pool, in errors and in metrics. Default `Class.method`, of the class that is provided. */
  name?: string;
  /** Deadline of a started call, milliseconds. Default: the pool's `taskTimeoutMs`. */
  timeoutMs?: number;
  /** Deadline of a waiting call, milliseconds. Default: the pool's `queueTimeoutMs`. */
  queueTimeoutMs?: number;
  /** In a pool with `queue.order: 'priority'`: 0 to 15, 15 first. Default 0. */
  priority?: number;
  /** In a pool with `queue.order: 'fair'`: whose turn a call takes, told once or from its arguments. Default: a shared one. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the decorated method's own parameters
  tenant?: string | ((...args: any[]) => string);
  /** Whether it may run again where its worker exited while it ran; not where its arguments have moved. Default false. */
  idempotent?: boolean;
  /** Most retries of an idempotent task, 0 to 100. Default 2. */
  retries?: number;
  /**
   * What is moved, not copied: everything transferable among the arguments, in the result, in both; or what the
   * function lists for these arguments. Default: nothing.
   */
  transfer?: PooledTransfer;
  /**
   * The class that results are instances of: what comes back is a copy, and this makes it an instance again. Of an array,
   * a `Set` or a `Map`, each element is. No constructor runs; see `REVIVE` for private members and for fields. A function,
   * so that classes may be declared in any order; it is asked when the application starts. Without effect where nothing is
   * copied: in an async pool, and with no pool module. Default: results are plain data.
   * @example returns: () => Point
   */
  returns?: () => RevivableClass;
  /**
   * The classes that arguments are instances of, for the worker, by the same rules as `returns`: one for each argument, `null`
   * for those that stay as they are. `true`: the classes that the method declares as types of its parameters, as far as the
   * compiler notes them (tsc and SWC with `emitDecoratorMetadata`; of an array it notes no more than `Array`). Default:
   * arguments are plain data.
   * @example accepts: () => [Point, null, Line]
   */
  accepts?: true | (() => readonly (RevivableClass | null)[]);
}
