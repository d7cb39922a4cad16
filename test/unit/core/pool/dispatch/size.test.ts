import { describe, expect, it } from 'vitest';
import { aheadPool, idsOf, submit } from '../../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../../support/virtual-clock.js';
import { actUntil, watch } from '../../../../support/watch.js';

describe('a shrink with work ahead (P2)', () => {
  it('interrupts nothing, and comes true although more and more work is asked for', async () => {
    const { pool, engine } = await aheadPool({ size: { min: 1, max: 3, initial: 3 } });
    const calls = await submit(pool, 30);
    const resized = watch(pool.resize(1));
    for (let round = 0; resized.state === 'pending'; round++) {
      expect(round).toBeLessThan(20);
      for (const worker of engine.running) worker.end('done', true, worker.started, 0.1);
      calls.push(...(await submit(pool, 5)));
      expect(pool.snapshot().queueDepth).toBeGreaterThan(0);
    }
    expect(engine.alive).toHaveLength(1);
    expect(calls.filter((call) => call.state === 'rejected')).toEqual([]);
    expect(engine.alive[0]!.claims.size).toBeGreaterThan(1);
  });

  it('of a paused pool takes whoever is free', async () => {
    const { pool, engine } = await aheadPool({ size: { min: 1, max: 2, initial: 2 } });
    await submit(pool, 12);
    pool.pause();
    const resized = watch(pool.resize(1));
    engine.running[0]!.end();
    await settleMicrotasks();
    expect(resized.state).toBe('resolved');
    expect(pool.snapshot()).toMatchObject({ size: 1, busy: 1, queueDepth: 10 });
  });

  it('that is eager costs the running tasks of those that go, and nothing that waits', async () => {
    const { pool, engine } = await aheadPool({ size: { min: 1, max: 3, initial: 3 } });
    const calls = await submit(pool, 30);
    const resized = watch(pool.resize(1, { eager: true }));
    await settleMicrotasks();
    const costs = calls.filter((call) => call.state === 'rejected');
    expect(costs.map((call) => call.error)).toEqual([
      expect.objectContaining({ code: 'EAGER_SHRINK' }),
      expect.objectContaining({ code: 'EAGER_SHRINK' }),
    ]);
    for (const worker of engine.alive) worker.end(new Error('aborted'), false, worker.started);
    await actUntil(
      () => calls.every((call) => call.state !== 'pending'),
      () => {
        for (const worker of engine.running) worker.end();
        return settleMicrotasks();
      },
    );
    expect(resized.state).toBe('resolved');
    expect(engine.alive).toHaveLength(1);
  });
});

describe('a close with work ahead (S2 E1)', () => {
  it('lets all of it end', async () => {
    const { pool, engine, clock } = await aheadPool();
    const calls = await submit(pool, 4);
    const closed = watch(pool.close());
    await settleMicrotasks();
    engine.workers[0]!.endUnheard(4);
    engine.workers[0]!.poll();
    await settleMicrotasks();
    expect(calls.every((call) => call.state === 'resolved')).toBe(true);
    expect(closed.state).toBe('resolved');
    await clock.advance(5);
    expect(clock.scheduled).toBe(0);
  });

  it('at its deadline ends what runs, and what waits never begins', async () => {
    const { pool, engine, clock } = await aheadPool({ abortGraceMs: 100 });
    const calls = await submit(pool, 4);
    await submit(pool, 1, { transfer: [new ArrayBuffer(8)] });
    const closed = watch(pool.close({ timeoutMs: 3 }));
    await clock.advance(3);
    expect(calls.map((call) => call.error)).toEqual(
      calls.map(() => expect.objectContaining({ code: 'POOL_CLOSED' }) as unknown),
    );
    const [worker] = engine.workers;
    expect(worker!.started).toHaveLength(1);
    expect(worker!.sent).toEqual([]);
    await clock.advance(100);
    expect(closed.state).toBe('resolved');
    expect(pool.snapshot()).toMatchObject({ queueDepth: 0, counters: { submitted: 6, completed: 1, cancelled: 5 } });
    await clock.advance(5);
    expect(clock.scheduled).toBe(0);
  });

  it('is over when the last of it has come back from a crash, too', async () => {
    const { pool, engine } = await aheadPool();
    const calls = await submit(pool, 3);
    const closed = watch(pool.close());
    engine.workers[0]!.crash();
    await settleMicrotasks();
    engine.workers[1]!.endUnheard(2);
    engine.workers[1]!.poll();
    await settleMicrotasks();
    expect(calls.map((call) => call.state)).toEqual(['rejected', 'resolved', 'resolved']);
    expect(closed.state).toBe('resolved');
  });
});

describe('idle expiry', () => {
  it('gives back its workers as soon as somebody waits, although the work could be sent ahead', async () => {
    const { pool, engine, clock } = await aheadPool({ idleExpiryMs: 1_000, size: { min: 1, max: 3, initial: 3 } });
    await clock.advance(1_000);
    expect(engine.alive).toHaveLength(1);
    await submit(pool, 30);
    expect(engine.alive).toHaveLength(3);
    await settleMicrotasks();
    const sizes = engine.alive.map((worker) => worker.claims.size);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(30);
    expect(Math.min(...sizes)).toBeGreaterThan(4);
  });

  it('takes no worker that holds a task', async () => {
    const { pool, engine, clock } = await aheadPool({ idleExpiryMs: 10, size: { min: 1, max: 2, initial: 2 } });
    await submit(pool, 2);
    await clock.advance(1_000);
    expect(engine.alive).toHaveLength(2);
  });
});

describe('a worker that is being recycled (P14)', () => {
  it('ends what it holds, and the replacement takes the rest', async () => {
    const { pool, engine, clock } = await aheadPool({ worker: { recycle: { afterTasks: 4 } } });
    const calls = await submit(pool, 9);
    const [old] = engine.workers;
    expect(idsOf(old!.claims.keys())).toEqual([2, 3, 4]);
    old!.endUnheard(3, 0.1);
    old!.poll();
    await actUntil(
      () => calls.every((call) => call.state === 'resolved'),
      async () => {
        for (const worker of engine.running) worker.end('done', true, worker.started, 0.1);
        await clock.advance(1);
      },
    );
    expect(old!.isGone).toBe(true);
    expect(engine.offences).toEqual([]);
    expect(pool.snapshot().counters).toMatchObject({ completed: 10, crashes: 0 });
  });
});
