import { once } from 'node:events';
import { expect, test } from 'vitest';
import { SourceMarks } from './support/source-marks.js';
import { threadPool, watchThreads } from './support/thread-pool.js';

test('S2-E05: results that nobody reads block no worker, and no close', { timeout: 10_000 }, async () => {
  const threads = watchThreads();
  const pool = threadPool({ size: { min: 2, max: 2 }, abortGraceMs: 5_000 });
  const marks = new SourceMarks();
  const stream = pool.stream<number>('source', [marks.memory, 1_000_000])[Symbol.asyncIterator]();
  expect(await stream.next()).toEqual({ done: false, value: 0 });
  for (let n = 0; n < 100; n++) void pool.run('double', [n]);
  await pool.ready();
  const exits = Promise.all(threads.map((thread) => once(thread, 'exit')));
  await pool.close({ timeoutMs: 500 });

  // Code 0: the one whose stream nobody read has heard that it is over, and left by itself.
  expect(await exits).toEqual([[0], [0]]);
  expect(marks.wasLeft).toBe(true);
  expect(marks.asked).toBeLessThanOrEqual(1 + 16);
  expect(pool.snapshot().counters).toMatchObject({ submitted: 101, completed: 100, cancelled: 1, crashes: 0 });
});
