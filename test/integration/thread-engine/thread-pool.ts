import { afterEach } from 'vitest';
import { createPool, type Pool, type PoolOptions } from '../../../lib/entries/core.js';

const pools: Pool[] = [];

/** A pool of real threads over a module of `test/fixtures/tasks`, closed when the test ends; it keeps its size unless told otherwise. */
export function threadPool(module: string, options: Partial<PoolOptions> = {}): Pool {
  const tasks = new URL(`../../fixtures/tasks/${module}.js`, import.meta.url);
  const pool = createPool({ name: 'threads', tasks, size: { max: 4 }, scaling: false, ...options });
  pools.push(pool);
  return pool;
}

/** The promise of the next event of this kind. */
export function next<E extends Parameters<Pool['on']>[0]>(pool: Pool, event: E) {
  return new Promise<Parameters<Parameters<typeof pool.on<E>>[1]>[0]>((resolve) => {
    const listener = (payload: never) => {
      pool.off(event, listener as never);
      resolve(payload);
    };
    pool.on(event, listener as never);
  });
}

afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close({ force: true }))));
