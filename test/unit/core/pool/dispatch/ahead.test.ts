import { describe, expect, it } from 'vitest';
import { aheadPool, fakePool, idsOf, learn, submit } from '../../../../support/fake-pool.js';
import { actUntil } from '../../../../support/watch.js';
import { settleMicrotasks } from '../../../../support/virtual-clock.js';

const NAMES = { taskNames: ['work', 'other'] };
const ONE = { size: { min: 1, max: 1 } };

/** How many tasks the worker of a pool holds that was given `count` of a task that takes `serviceMs`. */
async function held(serviceMs: number, count: number, places = Infinity): Promise<number> {
  const fake = await fakePool(ONE, { presend: 128, places });
  await learn(fake, 'work', serviceMs);
  await submit(fake.pool, count);
  return fake.engine.workers[0]!.claims.size;
}

describe('tasks are sent ahead of their turn (P15)', () => {
  it('not before one of their name has shown how long it takes', async () => {
    const { pool, engine } = await fakePool(ONE, { presend: 128 });
    await submit(pool, 5);
    expect(engine.workers[0]!.claims.size).toBe(1);
    engine.workers[0]!.end('done', true, undefined, 0.1);
    await settleMicrotasks();
    expect(engine.workers[0]!.claims.size).toBe(4);
  });

  it('and count as queued until they begin, one after the other and in order', async () => {
    const { pool, engine } = await aheadPool();
    const begun: number[] = [];
    pool.on('started', ({ id }) => begun.push(id));
    const calls = await submit(pool, 4);
    const [worker] = engine.workers;
    for (const queueDepth of [3, 2, 1, 0]) {
      expect(pool.snapshot()).toMatchObject({ queueDepth, busy: 1, live: 1 });
      expect(worker!.started).toHaveLength(1);
      worker!.end();
      await settleMicrotasks();
    }
    expect(begun).toEqual([2, 3, 4, 5]);
    expect(calls.every((call) => call.state === 'resolved')).toBe(true);
  });

  it.each([
    ['1 ms', 1, 4],
    ['0.1 ms', 0.1, 40],
    ['4 ms', 4, 1],
    ['5 ms', 5, 1],
    ['no time at all', 0, 129],
  ])('as many as take about 4 ms, and 128 at most: of %s', async (_, serviceMs, expected) => {
    const taken = await held(serviceMs, 200);
    // Sums of fractions may come out a little high.
    expect(taken).toBeGreaterThanOrEqual(expected - 1);
    expect(taken).toBeLessThanOrEqual(expected);
  });

  it('no more than the worker has places for, of which one stays free', async () => {
    expect(await held(0, 200, 10)).toBe(9);
    expect(await held(0, 200, 2)).toBe(1);
  });

  it.each([
    ['0.1 ms', 0.1, 10],
    ['0.7 ms', 0.7, 4],
    ['1 ms', 1, 2],
    ['no time at all', 0, 100],
  ])('levelled over the workers: of %s', async (_, serviceMs, each) => {
    const fake = await fakePool({ size: { min: 3, max: 3 } }, { presend: 128 });
    await learn(fake, 'work', serviceMs);
    await submit(fake.pool, 3 * each);
    expect(fake.engine.workers.map((worker) => worker.claims.size)).toEqual([each, each, each]);
    await submit(fake.pool, 3);
    expect(fake.engine.workers.map((worker) => worker.claims.size)).toEqual([each + 1, each + 1, each + 1]);
  });

  it('to those with the least work, whatever the number of tasks', async () => {
    const fake = await aheadPool({ size: { min: 2, max: 2 } }, NAMES);
    await learn(fake, 'other', 2);
    const { pool, engine } = fake;
    void pool.run('other');
    await submit(pool, 21);
    expect(engine.workers.map((worker) => worker.claims.size).sort((a, b) => a - b)).toEqual([1, 21]);
  });

  it('levelled over those that can take any, whatever the others are busy with', async () => {
    const { pool, engine } = await aheadPool({ size: { min: 4, max: 4 } }, NAMES);
    void pool.run('other');
    await submit(pool, 30);
    expect(engine.workers.map((worker) => worker.claims.size).sort((a, b) => a - b)).toEqual([1, 10, 10, 10]);
  });

  it('never behind a task that is long, or of which nothing is known', async () => {
    for (const serviceMs of [5, null]) {
      const fake = await aheadPool({}, NAMES);
      if (serviceMs !== null) await learn(fake, 'other', serviceMs);
      void fake.pool.run('other');
      await submit(fake.pool, 3);
      expect(fake.engine.workers[0]!.claims.size).toBe(1);
      expect(fake.pool.snapshot().queueDepth).toBe(3);
    }
  });

  it('never past a task that is long and next', async () => {
    const { pool, engine } = await aheadPool({}, NAMES);
    await submit(pool, 1);
    void pool.run('other');
    await submit(pool, 3);
    expect(engine.workers[0]!.claims.size).toBe(1);
    engine.workers[0]!.end();
    await settleMicrotasks();
    expect(idsOf(engine.workers[0]!.claims.keys())).toEqual([3]);
  });

  it('not those with a deadline so short that their start must be known at once, and nothing behind one', async () => {
    for (const [timeoutMs, expected] of [
      [99, 1],
      [100, 4],
    ] as const) {
      const behind = await aheadPool();
      await submit(behind.pool, 1);
      await submit(behind.pool, 3, { timeoutMs });
      expect(behind.engine.workers[0]!.claims.size).toBe(expected);
      const before = await aheadPool();
      await submit(before.pool, 1, { timeoutMs });
      await submit(before.pool, 3);
      expect(before.engine.workers[0]!.claims.size).toBe(expected);
    }
  });

  it('no longer after one that took surprisingly long, until some 80 or 90 short ones', async () => {
    const fake = await aheadPool();
    await learn(fake, 'work', 200);
    await submit(fake.pool, 200);
    const [worker] = fake.engine.workers;
    expect(worker!.claims.size).toBe(1);
    let runs = 0;
    await actUntil(
      () => worker!.claims.size > 1,
      async () => {
        runs++;
        worker!.end('done', true, undefined, 0.1);
        await settleMicrotasks();
      },
    );
    expect(runs).toBeGreaterThan(75);
    expect(runs).toBeLessThan(95);
  });

  it('no more than the worker may still run before it is recycled', async () => {
    const { pool, engine } = await aheadPool({ worker: { recycle: { afterTasks: 5 } } });
    await submit(pool, 10);
    expect(engine.workers[0]!.claims.size).toBe(4);
  });

  it('not at all where workers interleave their tasks', async () => {
    const fake = await fakePool({ ...ONE, worker: { concurrency: 2 } });
    await learn(fake, 'work', 0.1);
    const calls = await submit(fake.pool, 5);
    const [worker] = fake.engine.workers;
    expect(worker!.started).toHaveLength(2);
    expect(worker!.claims.size).toBe(2);
    expect(fake.clock.scheduled).toBe(0);
    for (let round = 0; round < 3; round++) {
      worker!.end();
      await settleMicrotasks();
    }
    expect(calls.every((call) => call.state === 'resolved')).toBe(true);
  });
});

describe('a worker without a free place', () => {
  it('gets no task until it says that there is room', async () => {
    const { pool, engine } = await aheadPool();
    const [worker] = engine.workers;
    await submit(pool, 1);
    worker!.places = 0;
    worker!.end();
    await submit(pool, 2);
    expect(worker!.claims.size).toBe(0);
    worker!.places = 3;
    worker!.sink.settled([]);
    expect(worker!.claims.size).toBe(2);
    expect(engine.offences).toEqual([]);
  });
});
