import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { threadPool } from './support/thread-pool.js';

test('S2-E07: a cancellation reaches the tasks that wait and the one that computes', { timeout: 8_000 }, async () => {
  const pool = threadPool({ size: { min: 1, max: 1 }, abortGraceMs: 2_000 });
  const thread = await pool.run('where');
  const { port1, port2 } = new MessageChannel();
  const abort = new AbortController();
  const running = pool.run('computeUntilAborted', [port2, abort.signal], { transfer: [port2] });
  const waiting = Array.from({ length: 100 }, (_, n) => pool.run('double', [n], { signal: abort.signal }));
  const outcomes = Promise.allSettled([running, ...waiting]);
  await once(port1, 'message');
  port1.close();
  abort.abort(new Error('enough'));

  // The task ended because it saw the abort, not because its thread was terminated after the grace.
  expect(await pool.run('where')).toBe(thread);
  for (const outcome of await outcomes) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { message: 'enough' } });
  }
  expect(pool.snapshot().counters).toMatchObject({ completed: 2, cancelled: 101, crashes: 0 });
});
