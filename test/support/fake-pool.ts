import type { Pool } from '../../lib/core/contract/pool.js';
import type { PoolOptions } from '../../lib/core/contract/pool-options.js';
import type { RunOptions } from '../../lib/core/contract/run-options.js';
import { LocalPool } from '../../lib/core/pool/local-pool.js';
import { resolvePoolOptions } from '../../lib/core/pool/resolve-options.js';
import type { EngineTask } from '../../lib/core/engine.js';
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

/** Submits calls of one task, and lets the pool take them in. */
export async function submit(pool: Pool, count: number, options?: RunOptions, name = 'work'): Promise<Watched[]> {
  const calls = Array.from({ length: count }, () => watch(pool.run(name, [], options)));
  await settleMicrotasks();
  return calls;
}

/** A fake pool of one worker that takes tasks ahead; `work` is known to take a tenth of a millisecond. */
export async function aheadPool(options: Partial<PoolOptions> = {}, engineOptions: FakeEngineOptions = {}) {
  const fake = await fakePool({ size: { min: 1, max: 1 }, ...options }, { presend: 128, ...engineOptions });
  await learn(fake, 'work', 0.1);
  for (const worker of fake.engine.workers) worker.messages.length = 0;
  return fake;
}

/** Lets the pool see how long a task takes. */
export async function learn(
  fake: Awaited<ReturnType<typeof fakePool>>,
  name: string,
  serviceMs: number,
): Promise<void> {
  void fake.pool.run(name);
  const [worker] = fake.engine.running;
  worker!.begin();
  worker!.end('learned', true, worker!.started, serviceMs);
  await settleMicrotasks();
}

export function idsOf(tasks: Iterable<EngineTask>): number[] {
  return [...tasks].map((task) => task.id);
}
