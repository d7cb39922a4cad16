import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { settledHeap } from '../../../bench/heap.js';
import { Random } from '../../support/random.js';
import { threadPool } from './thread-pool.js';

const SEED = Number(process.env['POOL_STREAM_SEED'] ?? Date.now() % 1_000_000);
const STREAMS = Number(process.env['POOL_STREAM_RUNS'] ?? 120);

describe.each([1, 4])('streams at random on real threads, worker.concurrency %d (P11, P12)', (concurrency) => {
  it(`yield each item once and in order, stop where they are left, and leave nothing behind (seed ${SEED})`, async () => {
    const pool = threadPool('streams', { size: { min: 2, max: 2 }, worker: { concurrency }, abortGraceMs: 60_000 });
    await pool.ready();
    const random = new Random(SEED);
    const begun = { count: 0 };
    const memory = new SharedArrayBuffer(12);
    const words = new Int32Array(memory);

    async function play(): Promise<void> {
      // An Observable cannot be made to wait where tasks interleave.
      const task = random.pick(concurrency === 1 ? ['numbers', 'syncNumbers', 'rangeOf'] : ['numbers', 'syncNumbers']);
      const count = random.below(200);
      const how = random.pick(['all', 'leave', 'abort', 'hurry']);
      const stopsAt = random.below(200);
      const isSlow = random.below(3) === 0;
      const controller = new AbortController();
      const mark = new SharedArrayBuffer(12);
      let read = 0;
      let ended = false;
      try {
        for await (const n of pool.stream<number>(task, [count, mark], { signal: controller.signal })) {
          expect(n).toBe(read++);
          if (how !== 'all' && read > stopsAt) {
            if (how === 'abort') controller.abort('enough');
            else if (how === 'leave') break;
            else void setImmediate().then(() => controller.abort('enough'));
          }
          if (isSlow) await (random.below(10) === 0 ? sleep(1) : setImmediate());
        }
        ended = true;
      } catch (error) {
        expect([error, how]).toEqual(['enough', how === 'abort' ? 'abort' : 'hurry']);
      }
      if (ended && how === 'all') expect(read).toBe(count);
      const asked = new Int32Array(mark);
      expect(asked[0]! - read).toBeLessThanOrEqual(20);
      if (read === 0) return;
      begun.count++;
      await vi.waitFor(() => expect(asked[1]).toBe(1), { timeout: 15_000, interval: 5 });
      Atomics.add(words, 0, 1);
    }

    const lanes = Array.from({ length: 6 }, async () => {
      for (let i = 0; i < STREAMS / 6; i++) await play();
    });
    await Promise.all(lanes);
    expect(words[0]).toBe(begun.count);
    await vi.waitFor(() => expect(pool.snapshot()).toMatchObject({ busy: 0, queueDepth: 0, live: 2 }), 15_000);
    const { submitted, completed, cancelled, failed, crashes } = pool.snapshot().counters;
    expect([submitted, failed, crashes]).toEqual([completed + cancelled, 0, 0]);
    expect(await pool.run('echo', ['still here'])).toBe('still here');
  }, 60_000);
});

describe('a long stream (P11)', () => {
  it('keeps memory flat: 50,000 items, and the reader holds no more than at the 10,000th', async () => {
    const pool = threadPool('streams', { size: { max: 1 } });
    let read = 0;
    const looks: number[] = [];
    for await (const item of pool.stream<{ i: number }>('objects', [50_000])) {
      expect(item.i).toBe(read);
      if (++read % 10_000 === 0) looks.push(await settledHeap());
    }
    expect(looks).toHaveLength(5);
    // A thousandth of what the items themselves take.
    expect(Math.max(...looks) - looks[0]!).toBeLessThan(300_000);
  }, 60_000);
});
