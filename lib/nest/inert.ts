import type { DynamicModule, Provider, Type } from '@nestjs/common';
import { PoolError } from '../core/errors.js';
import { PoolService } from './pool.service.js';
import { PoolDirectory } from './pool-directory.js';
import type { ManagedPool } from '../core/pool/managed-pool.js';
import { getPoolToken } from './tokens.js';

/** Whether this is inside a worker, where modules of this library are there and do nothing. */
export { isPoolWorker as isInert } from '../engines/worker-mark.js';

/**
 * What `forRoot()` and `forRootAsync()` are inside a worker: everything can be injected, nothing is started, and using a pool is an error.
 * No factory is called, and what `forRootAsync()` imports is not there. Decorated methods run in place there, so nothing is lost.
 */
export function inertModule(module: Type, pools: readonly string[], isGlobal: boolean): DynamicModule {
  const providers = inertProviders(pools);
  return { module, global: isGlobal, providers, exports: providers };
}

/** What `forFeature()` is inside a worker. `PoolService` comes from the root. */
export function inertFeature(module: Type, pools: readonly string[]): DynamicModule {
  const providers = poolProviders(inertPools(pools));
  return { module, providers, exports: providers };
}

export function inertProviders(names: readonly string[]): Provider[] {
  const pools = inertPools(names);
  return [{ provide: PoolService, useValue: new PoolService(new PoolDirectory(pools)) }, ...poolProviders(pools)];
}

function inertPools(names: readonly string[]): ReadonlyMap<string, ManagedPool> {
  return new Map(names.map((name) => [name, new InertPool(name)]));
}

function poolProviders(pools: ReadonlyMap<string, ManagedPool>): Provider[] {
  return [...pools].map(([name, pool]) => ({ provide: getPoolToken(name), useValue: pool }));
}

/** Stands for a pool inside a worker. */
class InertPool implements ManagedPool {
  constructor(readonly name: string) {}

  readonly autoscaler = null;
  readonly quarantine = { list: () => [], release: () => [] };
  start = () => this.#refuse();
  prepare = () => this.#refuse();
  pin = async () => this.#refuse();
  release = async () => this.#refuse();
  ready = async () => this.#refuse();
  run = async () => this.#refuse();
  stream = () => this.#refuse();
  call = () => this.#refuse();
  map = () => this.#refuse();
  group = () => this.#refuse();
  broadcast = async () => this.#refuse();
  resize = async () => this.#refuse();
  prewarm = async () => this.#refuse();
  pause = () => this.#refuse();
  resume = () => this.#refuse();
  drain = async () => this.#refuse();
  close = async () => this.#refuse();
  snapshot = () => this.#refuse();
  histograms = () => this.#refuse();
  onQueued = () => this.#refuse();
  on = () => this.#refuse();
  off = () => this.#refuse();
  [Symbol.asyncDispose] = async () => this.#refuse();

  #refuse(): never {
    throw insideWorkerError(this.name);
  }
}

/** For whoever uses a pool from within a task of the application. */
export function insideWorkerError(pool: string): PoolError {
  return new PoolError(
    'INSIDE_WORKER',
    `pool '${pool}' cannot be used inside a worker: pools live on the main thread. Call the decorated method, which runs in place here, or let the task's caller use the pool.`,
    { pool },
  );
}
