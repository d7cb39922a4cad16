import { expect, test } from 'vitest';
import { settleMicrotasks } from '../support/virtual-clock.js';
import { fakePool } from '../support/fake-pool.js';
import { observe } from './support/observed.js';

test('S2-E01: a close tells every worker of the end, so that none waits for work for ever', async () => {
  const { pool, engine } = await fakePool({ size: { min: 3, max: 3 } });
  const calls = [1, 2, 3, 4, 5].map((n) => observe(pool.run('work', [n])));
  const closed = observe(pool.close());
  while (engine.running.length > 0) engine.running[0]!.end();
  await settleMicrotasks();

  expect(calls.map(({ state }) => state)).toEqual(Array(5).fill('fulfilled'));
  expect(closed.state).toBe('fulfilled');
  expect(engine.workers.map((worker) => worker.isRetired)).toEqual([true, true, true]);
});
