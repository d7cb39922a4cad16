import { expect, test } from 'vitest';
import { fakePool } from '../support/fake-pool.js';
import { statesOf } from './support/observed.js';

test('S0-B15: a second close does not close again what is closed', async () => {
  const { pool, engine } = await fakePool();
  let timesClosed = 0;
  pool.on('closed', () => timesClosed++);

  expect(await statesOf(pool.close(), pool.close(), pool[Symbol.asyncDispose]())).toEqual(Array(3).fill('fulfilled'));
  expect(await statesOf(pool.close({ force: true }))).toEqual(['fulfilled']);

  expect(timesClosed).toBe(1);
  expect(pool.snapshot().state).toBe('closed');
  expect(engine.alive).toHaveLength(0);
});
