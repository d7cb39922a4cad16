import type { Pool } from '../../lib/core/contract/pool.js';
import type { PoolOptions } from '../../lib/core/contract/pool-options.js';
import type { RunOptions } from '../../lib/core/contract/run-options.js';
import { LocalPool } from '../../lib/core/pool/local-pool.js';
import { resolvePoolOptions } from '../../lib/core/pool/resolve-options.js';
import { FakeEngine, type FakeEngineOptions } from './fake-engine.js';
import { settleMicrotasks, VirtualClock } from './virtual-clock.js';
import { watch, type Watched } from './watch.js';

/** A pool over the fake engine under a virtual clock, its workers not asked for yet. */
export function unstartedFakePool(options: Partial<PoolOptions> = {}, engineOptions: FakeEngineOptions = {}) {
  const clock = new VirtualClock();
  const engine = new FakeEngine(clock, engineOptions);
  const resolved = resolvePoolOptions({ name: 'fake', size: { min: 1, max: 4 }, ...options });
  return { pool: new LocalPool(resolved, engine, clock), engine, clock };
}

/** A pool over the fake engine under a virtual clock, its initial workers up. */
export async function fakePool(options: Partial<PoolOptions> = {}, engineOptions: FakeEngineOptions = {}) {
  const fake = unstartedFakePool(options, engineOptions);
  fake.pool.start();
  await settleMicrotasks();
  return fake;
}

/** Submits calls of the task `work`, and lets the pool take them in. */
export async function submit(pool: Pool, count: number, options?: RunOptions): Promise<Watched[]> {
  const calls = Array.from({ length: count }, () => watch(pool.run('work', [], options)));
  await settleMicrotasks();
  return calls;
}
