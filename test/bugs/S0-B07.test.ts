import { expect, test } from 'vitest';
import { threadPool } from './support/thread-pool.js';

test('S0-B07: a task that throws does not take its worker down with it', { timeout: 8_000 }, async () => {
  const pool = threadPool({ size: { min: 1, max: 1 } });
  const thread = await pool.run('where');

  for (let round = 1; round <= 10; round++) {
    for (const task of ['fail', 'failLater']) {
      const error = await pool.run(task, [`${task} ${round}`]).catch((error: unknown) => error);
      expect(error).toMatchObject({ name: 'TypeError', message: `${task} ${round}` });
    }
  }

  expect(await pool.run('where')).toBe(thread);
  expect(pool.snapshot()).toMatchObject({ live: 1, counters: { failed: 20, crashes: 0 } });
});
