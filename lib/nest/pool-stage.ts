import type { Clock } from '../core/clock.js';
import type { PoolOptions, TaskFn } from '../core/contract/pool-options.js';
import type { ManagedPool } from '../core/pool/managed-pool.js';
import type { PoolHost } from '../engines/create-pool.js';
import type { Route } from './call-router.js';
import type { TaskBinding } from './exploration.js';

/** Provided in place of `null` by a test: where the pools of the application run instead of in threads. */
export const POOL_STAGE = Symbol('DYNAMIC_POOL_STAGE');

/** Opens the pools of an application that would have threads. */
export interface PoolStage {
  /** The time of all pools; `null`: real time. */
  readonly clock: Clock | null;
  /**
   * The pools of the application are known.
   * @throws PoolNotFoundError where the test speaks of others.
   */
  expect(pools: ReadonlySet<string>): void;
  /** Functions that run in place of an async pool's own. */
  replacements(pool: string): Readonly<Record<string, TaskFn>>;
  open(options: PoolOptions, host: PoolHost, code: StagedCode): ManagedPool;
  /** The way of a method's calls, where `route` is the way into its pool. */
  route(binding: TaskBinding, route: Route): Route;
}

/** What the threads of a pool would run. */
export interface StagedCode {
  /** Whether it is the functions of the module `tasks`. */
  readonly isModule: boolean;
  /** The decorated methods as functions: on the `Receiver` ahead of their arguments, else on the application's own instance. */
  methods(): ReadonlyMap<TaskBinding, TaskFn>;
}
