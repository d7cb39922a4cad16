import { describe, expect, it } from 'vitest';
import { actUntil } from '../../support/watch.js';
import { threadPool } from './thread-pool.js';

/** Long enough for a thread to answer and to end, so that this thread learns of both together. */
function lookAway(): void {
  const until = performance.now() + 50;
  while (performance.now() < until);
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}

describe('a thread that is gone by the time its last result is read (P9)', () => {
  it('gets no further task: what that one moves would be lost', async () => {
    let served = 0;
    // This thread may still come to see the result first, as long as that is not the rule.
    for (let round = 0; round < 3; round++) {
      const pool = threadPool('crashes', { size: { max: 1 } });
      await pool.ready();
      const bytes = new Uint8Array(8);
      const calls = Promise.allSettled([
        pool.run('lastWords'),
        pool.run('byteLength', [bytes], { transfer: [bytes.buffer] }),
      ]);
      await new Promise(setImmediate);
      lookAway();
      const [words, length] = await calls;
      expect(words).toEqual({ status: 'fulfilled', value: 'farewell' });
      if (length!.status === 'fulfilled') served++;
    }
    expect(served).toBeGreaterThan(0);
  });

  it('is not asked to leave either, which would keep the process waiting for it', async () => {
    const before = timers();
    for (let round = 0; round < 3; round++) {
      const pool = threadPool('crashes', { size: { min: 1, initial: 2, max: 2 } });
      await pool.ready();
      const calls = [pool.run('lastWords'), pool.run('ok')];
      const resized = pool.resize(1);
      await new Promise(setImmediate);
      lookAway();
      expect(await Promise.all(calls)).toEqual(['farewell', 'ok']);
      await resized;
      await pool.close();
    }
    await actUntil(
      () => timers() <= before,
      () => new Promise(setImmediate),
    );
  });
});
