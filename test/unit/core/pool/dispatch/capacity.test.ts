import { describe, expect, it } from 'vitest';
import { PoolFullError } from '../../../../../lib/core/errors.js';
import type { OverflowPolicy } from '../../../../../lib/core/pool/resolve-options.js';
import type { LocalPool } from '../../../../../lib/core/pool/local-pool.js';
import { aheadPool, idsOf, submit } from '../../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../../support/virtual-clock.js';
import { watch, type Watched } from '../../../../support/watch.js';

const TWO = { size: { min: 2, max: 2 } };

function expectBounded(pool: LocalPool): void {
  const { queueDepth, queueCapacity } = pool.snapshot();
  expect(queueDepth).toBeLessThanOrEqual(queueCapacity);
}

describe('a full queue (P4)', () => {
  it('counts what was sent ahead', async () => {
    const { pool, engine } = await aheadPool({ queue: { capacity: 3 } });
    const calls = await submit(pool, 6);
    expect(engine.workers[0]!.claims.size).toBe(4);
    expect(calls.map((call) => call.state)).toEqual([...Array<string>(4).fill('pending'), 'rejected', 'rejected']);
    expect(calls[5]!.error).toBeInstanceOf(PoolFullError);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 3, queueCapacity: 3, counters: { submitted: 5 } });
  });

  it('takes as many in one turn as there would be places for over several', async () => {
    const { pool, engine } = await aheadPool({ ...TWO, queue: { capacity: 3 } });
    const calls = Array.from({ length: 8 }, () => watch(pool.run('work')));
    await settleMicrotasks();
    expect(calls.filter((call) => call.state === 'pending')).toHaveLength(5);
    expect(engine.workers.reduce((sum, worker) => sum + worker.claims.size, 0)).toBe(5);
  });

  it.each<OverflowPolicy>(['reject', 'wait', 'drop-oldest', 'caller-runs'])(
    'is never fuller than that, not even in the turn in which results came in: %s',
    async (overflow) => {
      const { pool, engine } = await aheadPool({ ...TWO, queue: { capacity: 2, overflow } });
      const calls: Watched[] = [];
      const ask = () => {
        for (let call = 0; call < 4; call++) {
          calls.push(watch(pool.run('work')));
          expectBounded(pool);
        }
      };
      for (const event of ['started', 'completed', 'failed', 'dropped'] as const)
        pool.on(event, () => expectBounded(pool));
      ask();
      for (let round = 0; round < 6; round++) {
        for (const worker of engine.running) worker.endUnheard(1 + (round % 2), 0.001);
        for (const worker of engine.workers) {
          worker.poll();
          expectBounded(pool);
          ask();
          await null;
          ask();
        }
        await settleMicrotasks();
        expectBounded(pool);
      }
      while (engine.running.length > 0) {
        for (const worker of engine.running) worker.end();
        await settleMicrotasks();
      }
      expect(calls.filter((call) => call.state === 'pending')).toEqual([]);
      const { counters } = pool.snapshot();
      expect(counters.submitted).toBe(counters.completed + counters.dropped);
    },
  );

  it('takes a task that an idle worker begins at once, although another one holds as many as may wait', async () => {
    const { pool, engine } = await aheadPool({ ...TWO, queue: { capacity: 2 } }, { taskNames: ['work', 'other'] });
    void pool.run('other');
    await submit(pool, 3);
    const [holder, idle] = engine.workers[0]!.claims.size === 3 ? engine.workers : engine.workers.toReversed();
    expect([holder!.claims.size, idle!.claims.size]).toEqual([3, 1]);
    idle!.end();
    const accepted = watch(pool.run('work'));
    expectBounded(pool);
    const refused = watch(pool.run('work'));
    expectBounded(pool);
    await settleMicrotasks();
    expect([accepted.state, refused.state]).toEqual(['pending', 'rejected']);
    expect(engine.running).toHaveLength(2);
  });
});

describe("queue.overflow 'drop-oldest', where all that waits was sent ahead (P4)", () => {
  it('takes back the oldest, and drops it', async () => {
    const { pool, engine } = await aheadPool({ queue: { capacity: 2, overflow: 'drop-oldest' } });
    const dropped: number[] = [];
    pool.on('dropped', ({ id }) => dropped.push(id));
    const calls = await submit(pool, 3);
    expect(engine.workers[0]!.claims.size).toBe(3);
    calls.push(...(await submit(pool, 2)));
    expect(dropped).toEqual([3, 4]);
    expect(calls.map((call) => call.state)).toEqual(['pending', 'rejected', 'rejected', 'pending', 'pending']);
    expect(idsOf(engine.workers[0]!.claims.keys())).toEqual([2, 5, 6]);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 2, counters: { submitted: 6, dropped: 2 } });
  });

  it('looks for it at every worker', async () => {
    const { pool, engine } = await aheadPool({ ...TWO, queue: { capacity: 4, overflow: 'drop-oldest' } });
    const dropped: number[] = [];
    pool.on('dropped', ({ id }) => dropped.push(id));
    await submit(pool, 6);
    const ahead = engine.workers.flatMap((worker) => idsOf(worker.sent)).sort();
    await submit(pool, 2);
    expect(dropped).toEqual(ahead.slice(0, 2));
  });

  it('refuses where none of it can be had back', async () => {
    const { pool, engine } = await aheadPool({ queue: { capacity: 1, overflow: 'drop-oldest' } });
    await submit(pool, 1);
    await submit(pool, 1, { transfer: [new ArrayBuffer(8)] });
    const [refused] = await submit(pool, 1);
    expect(refused!.error).toBeInstanceOf(PoolFullError);
    engine.workers[0]!.end();
    await submit(pool, 1);
    const [, begunUnheard] = engine.workers[0]!.claims.keys();
    engine.workers[0]!.claims.set(begunUnheard!, 'started');
    const [alsoRefused] = await submit(pool, 1);
    expect(alsoRefused!.error).toBeInstanceOf(PoolFullError);
    expect(pool.snapshot().counters.dropped).toBe(0);
  });
});

describe("queue.overflow 'wait', with tasks sent ahead (P4)", () => {
  it('lets a caller in as a place becomes free at a worker', async () => {
    const { pool, engine } = await aheadPool({ queue: { capacity: 2, overflow: 'wait' } });
    const calls = await submit(pool, 5);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 2, counters: { submitted: 4 } });
    const [worker] = engine.workers;
    worker!.endUnheard(3);
    worker!.poll();
    await settleMicrotasks();
    expect(pool.snapshot()).toMatchObject({ queueDepth: 1, counters: { submitted: 6, completed: 4 } });
    worker!.endUnheard(2);
    worker!.poll();
    await settleMicrotasks();
    expect(calls.every((call) => call.state === 'resolved')).toBe(true);
  });

  it('lets one in for a task that was sent ahead and is cancelled', async () => {
    const { pool } = await aheadPool({ queue: { capacity: 1, overflow: 'wait' } });
    const controller = new AbortController();
    await submit(pool, 1);
    await submit(pool, 1, { signal: controller.signal });
    await submit(pool, 1);
    expect(pool.snapshot().counters.submitted).toBe(3);
    controller.abort();
    expect(pool.snapshot()).toMatchObject({ queueDepth: 1, counters: { submitted: 4, cancelled: 1 } });
  });
});
