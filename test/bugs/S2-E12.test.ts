import { once } from 'node:events';
import { expect, test } from 'vitest';
import { threadPool, watchThreads } from './support/thread-pool.js';

test('S2-E12: a worker takes the end of its work for the end, not for one more task', { timeout: 8_000 }, async () => {
  const threads = watchThreads();
  const pool = threadPool({ size: { min: 2, max: 2 }, abortGraceMs: 100 });
  await pool.ready();
  const exits = Promise.all(threads.map((thread) => once(thread, 'exit')));
  const results = Promise.all([1, 2, 3].map((n) => pool.run<number>('double', [n])));
  await pool.close({ timeoutMs: 3_000 });

  expect(await results).toEqual([2, 4, 6]);
  // Code 0: they left by themselves. One that took the message for a task would be terminated at the deadline.
  expect(await exits).toEqual([[0], [0]]);
  expect(pool.snapshot().counters).toMatchObject({ submitted: 3, completed: 3, failed: 0 });
});
