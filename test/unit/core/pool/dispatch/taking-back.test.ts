import { describe, expect, it } from 'vitest';
import type { QueueOptions } from '../../../../../lib/core/contract/pool-options.js';
import type { RunOptions } from '../../../../../lib/core/contract/run-options.js';
import { aheadPool, idsOf, submit } from '../../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../../support/virtual-clock.js';
import { actUntil } from '../../../../support/watch.js';

const TWO = { size: { min: 2, max: 2 } };

type Fake = Awaited<ReturnType<typeof aheadPool>>;

/** Does everything there is, and tells in which order it began. */
async function beginnings({ pool, engine }: Fake): Promise<number[]> {
  const begun: number[] = [];
  pool.on('started', ({ id }) => begun.push(id));
  await actUntil(
    () => engine.running.length === 0,
    () => {
      engine.running[0]!.end();
      return settleMicrotasks();
    },
  );
  return begun;
}

describe('a pause (P1)', () => {
  it('takes back what has not begun, and nothing begins before resume() sends it', async () => {
    const fake = await aheadPool();
    const { pool, engine } = fake;
    const calls = await submit(pool, 5);
    pool.pause();
    const [worker] = engine.workers;
    expect(idsOf(worker!.claims.keys())).toEqual([2]);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 4, busy: 1 });
    worker!.end();
    await settleMicrotasks();
    expect(worker!.claims.size).toBe(0);
    expect(calls.map((call) => call.state)).toEqual(['resolved', 'pending', 'pending', 'pending', 'pending']);
    pool.resume();
    expect(await beginnings(fake)).toEqual([4, 5, 6]);
    expect(calls.every((call) => call.state === 'resolved')).toBe(true);
  });

  it('in the turn of the calls finds nothing to take back, and sends nothing', async () => {
    const { pool, engine } = await aheadPool();
    for (let call = 0; call < 5; call++) void pool.run('work');
    pool.pause();
    await settleMicrotasks();
    expect(idsOf(engine.workers[0]!.claims.keys())).toEqual([2]);
    expect(pool.snapshot().queueDepth).toBe(4);
  });

  it('lets those be that have begun unheard', async () => {
    const { pool, engine } = await aheadPool();
    const calls = await submit(pool, 4);
    const [worker] = engine.workers;
    worker!.endUnheard(2);
    pool.pause();
    expect(worker!.claims.size).toBe(2);
    worker!.poll();
    await settleMicrotasks();
    expect(calls.map((call) => call.state)).toEqual(['resolved', 'resolved', 'pending', 'pending']);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 2, busy: 0 });
  });

  it('puts what it takes back from several workers in the order in which it was asked for', async () => {
    const fake = await aheadPool(TWO);
    const { pool, engine } = fake;
    await submit(pool, 8);
    expect(engine.workers.map((worker) => idsOf(worker.claims.keys()))).toEqual([
      [3, 4, 5, 6],
      [2, 7, 8, 9],
    ]);
    pool.pause();
    engine.workers[0]!.end();
    pool.resume();
    expect(idsOf(engine.workers[0]!.claims.keys())).toEqual([4, 5, 6, 7]);
  });
});

describe('a worker that is held up (P1)', () => {
  it('by a task of more than 5 ms gives back its work, which the others do', async () => {
    const { pool, engine, clock } = await aheadPool(TWO);
    const calls = await submit(pool, 12);
    const [held, other] = engine.workers;
    other!.endUnheard(6, 0.1);
    other!.poll();
    await settleMicrotasks();
    other!.endUnheard(12, 0.1);
    other!.poll();
    await clock.advance(4);
    expect(held!.claims.size).toBeGreaterThan(1);
    await clock.advance(1);
    expect(held!.claims.size).toBe(1);
    other!.endUnheard(12, 0.1);
    other!.poll();
    await settleMicrotasks();
    expect(calls.filter((call) => call.state === 'pending')).toHaveLength(1);
    expect(held!.started).toHaveLength(1);
  });

  it('gets nothing more before that task has ended', async () => {
    const { pool, engine, clock } = await aheadPool();
    await submit(pool, 3);
    await clock.advance(5);
    const [worker] = engine.workers;
    expect(worker!.claims.size).toBe(1);
    await submit(pool, 3);
    expect(worker!.claims.size).toBe(1);
    worker!.end('done', true, worker!.started, 0.1);
    await settleMicrotasks();
    expect(worker!.claims.size).toBe(5);
  });

  it('may merely have had no time to say what it has done', async () => {
    const { pool, engine, clock } = await aheadPool();
    const calls = await submit(pool, 4);
    engine.workers[0]!.endUnheard(3, 0.1);
    await clock.advance(5);
    expect(calls.map((call) => call.state)).toEqual(['resolved', 'resolved', 'resolved', 'pending']);
    expect(engine.workers[0]!.started).toHaveLength(1);
  });

  it('keeps its work while each task is shorter than that', async () => {
    const { pool, engine, clock } = await aheadPool();
    await submit(pool, 10);
    const [worker] = engine.workers;
    for (let task = 0; task < 8; task++) {
      await clock.advance(3);
      expect(worker!.claims.size).toBe(10 - task);
      worker!.end('done', true, worker!.started, 0.1);
    }
  });

  it('no timer remains once nothing is ahead', async () => {
    const { pool, engine, clock } = await aheadPool();
    await submit(pool, 1);
    expect(clock.scheduled).toBe(0);
    await submit(pool, 1);
    expect(clock.scheduled).toBe(1);
    await clock.advance(3);
    engine.workers[0]!.endUnheard(2, 0.1);
    engine.workers[0]!.poll();
    await clock.advance(2);
    expect(clock.scheduled).toBe(0);
  });
});

describe('what comes back takes its old place at the head of the queue', () => {
  const calls: readonly RunOptions[] = [
    { tenant: 'ann', priority: 3 },
    { tenant: 'ann', priority: 0 },
    { tenant: 'ann', priority: 9 },
    { tenant: 'ann', priority: 3 },
    { tenant: 'bob', priority: 0 },
    { tenant: 'bob', priority: 9 },
    { tenant: 'cid', priority: 15 },
    { tenant: 'bob', priority: 0 },
    { tenant: 'ann', priority: 15 },
    { tenant: 'ann', priority: 15 },
    { tenant: 'ann', priority: 15 },
  ];

  /** In which order three times these calls begin on one worker, if those sent ahead are taken back `times` times. */
  async function order(queue: QueueOptions, times: number): Promise<number[]> {
    const fake = await aheadPool({ queue }, { presend: 12 });
    const { pool, engine } = fake;
    pool.pause();
    await Promise.all([...calls, ...calls, ...calls].map((options) => submit(pool, 1, options)));
    pool.resume();
    const [worker] = engine.workers;
    const [first] = idsOf(worker!.started);
    for (let round = 0; round < times; round++) {
      pool.pause();
      expect(worker!.claims.size).toBe(1);
      pool.resume();
      expect(worker!.claims.size).toBe(13);
    }
    return [first!, ...(await beginnings(fake))];
  }

  it.each<QueueOptions>([
    { order: 'fifo' },
    { order: 'priority' },
    { order: 'fair' },
    { order: 'fair', weights: { ann: 3 } },
    { order: 'fair', weights: { ann: 2.5, cid: 0.5 } },
  ])('%j', async (queue) => {
    expect(await order(queue, 5)).toEqual(await order(queue, 0));
  });
});

describe('an idle worker, where nothing waits in the queue (P1)', () => {
  async function oneIdle(count: number) {
    const fake = await aheadPool(TWO);
    await submit(fake.pool, 2 * count);
    const [holder, idle] = fake.engine.workers;
    idle!.endUnheard(count, 0.1);
    idle!.poll();
    return { ...fake, holder: holder!, idle: idle! };
  }

  it('takes over half of what another one holds ahead', async () => {
    const { engine, holder, idle } = await oneIdle(12);
    expect(idle.claims.size).toBe(0);
    await settleMicrotasks();
    expect([holder.claims.size, idle.claims.size]).toEqual([6, 6]);
    expect(Math.min(...idsOf(idle.claims.keys()))).toBeGreaterThan(Math.max(...idsOf(holder.claims.keys())));
    expect(engine.offences).toEqual([]);
  });

  it('leaves it be where it would take less than half a millisecond', async () => {
    const { holder, idle } = await oneIdle(5);
    await settleMicrotasks();
    expect([holder.claims.size, idle.claims.size]).toEqual([5, 0]);
  });

  it('takes nothing that has begun unheard', async () => {
    const { pool, holder, idle } = await oneIdle(12);
    holder.endUnheard(12, 0.1);
    await settleMicrotasks();
    expect(idle.claims.size).toBe(0);
    holder.poll();
    await settleMicrotasks();
    expect(pool.snapshot()).toMatchObject({ queueDepth: 0, busy: 0, counters: { submitted: 25, completed: 25 } });
  });

  it('takes nothing while the pool is paused', async () => {
    const { pool, holder, idle } = await oneIdle(12);
    pool.pause();
    await settleMicrotasks();
    expect([holder.claims.size, idle.claims.size]).toEqual([1, 0]);
  });

  it('that has just joined takes its part too', async () => {
    const { pool, engine } = await aheadPool({ size: { min: 1, max: 2 } });
    await submit(pool, 12);
    await pool.resize(2);
    await settleMicrotasks();
    const sizes = engine.workers.map((worker) => worker.claims.size);
    expect(sizes[0]! + sizes[1]!).toBe(12);
    expect(Math.abs(sizes[0]! - sizes[1]!)).toBeLessThanOrEqual(1);
  });
});
