import { expect, test } from 'vitest';
import { settleMicrotasks } from '../support/virtual-clock.js';
import { fakePool } from '../support/fake-pool.js';
import { observe } from './support/observed.js';

test('S0-B06: a call that meets a close is refused, not put into a queue that nobody serves any more', async () => {
  const { pool, engine } = await fakePool();
  const accepted = observe(pool.run('work'));
  const closed = observe(pool.close());
  const duringClose = observe(pool.run('work'));
  engine.workers[0]!.end('last result');
  await settleMicrotasks();
  const afterClose = observe(pool.run('work'));
  await settleMicrotasks();

  const refused = { state: 'rejected', value: { name: 'PoolClosedError', code: 'POOL_CLOSED' } };
  expect(closed.state).toBe('fulfilled');
  expect(accepted).toEqual({ state: 'fulfilled', value: 'last result' });
  expect(duringClose).toMatchObject(refused);
  expect(afterClose).toMatchObject(refused);
  expect(pool.snapshot()).toMatchObject({ queueDepth: 0, counters: { submitted: 1, completed: 1 } });
});
