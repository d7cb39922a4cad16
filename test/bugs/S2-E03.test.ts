import { expect, test } from 'vitest';
import { settleMicrotasks } from '../support/virtual-clock.js';
import { fakePool } from '../support/fake-pool.js';
import { observe } from './support/observed.js';

test('S2-E03: no task is sent to a worker whose end is closed', async () => {
  const { pool, engine } = await fakePool({ size: { min: 1, max: 2, initial: 2 } });
  const [closed, open] = engine.workers;
  void pool.resize(1);
  const calls = ['first', 'second'].map((name) => observe(pool.run('work', [name])));

  expect(closed!.isRetired).toBe(true);
  expect([...closed!.claims.keys()].map((task) => task.args)).toEqual([]);

  await settleMicrotasks();
  open!.end('by the one that stays');
  open!.end('by the one that stays');
  await settleMicrotasks();
  const done = { state: 'fulfilled', value: 'by the one that stays' };
  expect(calls).toEqual([done, done]);
});
