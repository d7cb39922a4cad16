import { expect, test } from 'vitest';
import { settleMicrotasks } from '../support/virtual-clock.js';
import { fakePool } from '../support/fake-pool.js';
import { observe } from './support/observed.js';

test('S2-E09: of two producers that both close, neither is told that all is done before it is', async () => {
  const { pool, engine } = await fakePool({ size: { min: 1, max: 1 } });
  const produce = (items: number[]) => items.map((item) => observe(pool.run('work', [item])));
  const results = [...produce([1, 2, 3]), ...produce([4, 5, 6])];
  const closes = [observe(pool.close()), observe(pool.close())];
  await settleMicrotasks();
  expect(closes.map(({ state }) => state)).toEqual(['pending', 'pending']);

  while (engine.running.length > 0) engine.running[0]!.end();
  await settleMicrotasks();
  expect(results.map(({ state }) => state)).toEqual(Array(6).fill('fulfilled'));
  expect(closes.map(({ state }) => state)).toEqual(['fulfilled', 'fulfilled']);
});
