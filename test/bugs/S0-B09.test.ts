import { expect, test } from 'vitest';
import { settleMicrotasks } from '../support/virtual-clock.js';
import { fakePool } from '../support/fake-pool.js';
import { observe } from './support/observed.js';

test('S0-B09: a resize during a close is refused and starts no worker', async () => {
  const { pool, engine, clock } = await fakePool({ size: { min: 1, max: 4 } }, { bootMs: 100 });
  await clock.advance(100);
  const lastTask = observe(pool.run('work'));
  const pendingResize = observe(pool.resize(2));
  const closed = observe(pool.close());
  const lateResize = observe(pool.resize(4));
  const latePrewarm = observe(pool.prewarm(4));
  await settleMicrotasks();

  const refused = { state: 'rejected', value: { name: 'PoolClosedError', code: 'POOL_CLOSED' } };
  expect(engine.workers).toHaveLength(2);
  expect([pendingResize, lateResize, latePrewarm]).toMatchObject([refused, refused, refused]);
  expect(pool.snapshot().target).toBe(2);

  engine.running[0]!.end();
  await settleMicrotasks();
  expect([lastTask.state, closed.state]).toEqual(['fulfilled', 'fulfilled']);
  expect(engine.alive).toHaveLength(0);
});
