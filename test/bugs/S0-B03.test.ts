import { expect, test } from 'vitest';
import { fakePool } from '../support/fake-pool.js';
import { settleMicrotasks } from '../support/virtual-clock.js';
import { observe } from './support/observed.js';

test('S0-B03: a close right after a grow waits for the workers that are only starting, too', async () => {
  const { pool, engine, clock } = await fakePool({ size: { min: 1, max: 4 } }, { bootMs: 100 });
  await clock.advance(100);

  const grown = observe(pool.resize(3));
  const closed = observe(pool.close());
  await settleMicrotasks();
  const left = engine.alive.map((worker) => worker.id);

  expect({ closed: closed.state, left }).toEqual({ closed: 'fulfilled', left: [] });
  expect(grown.state).toBe('rejected');
  expect(engine.workers).toHaveLength(3);
});
