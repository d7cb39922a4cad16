import { expect, test } from 'vitest';
import { isAlive, threadPool, watchThreads } from './support/thread-pool.js';

test('S2-E02: a wait for the threads to go includes those that still boot', async () => {
  const threads = watchThreads();
  const pool = threadPool({ size: { min: 1, max: 3, initial: 3 } });
  await pool.close();

  // As many as the machine boots at a time.
  expect(threads.length).toBeGreaterThan(0);
  expect(threads.filter((thread) => isAlive(thread))).toEqual([]);
});
