import { describe, expect, it } from 'vitest';
import { fakePool, submit } from '../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../support/virtual-clock.js';
import { watch } from '../../../support/watch.js';

describe('recycling (P9, P14)', () => {
  it('after N tasks starts the replacement first, and only then lets the old worker go', async () => {
    const { pool, engine, clock } = await fakePool({ worker: { recycle: { afterTasks: 2 } } }, { bootMs: 50 });
    await clock.advance(50);
    await submit(pool, 2);
    engine.workers[0]!.end();
    expect(engine.workers).toHaveLength(1);
    await settleMicrotasks();
    engine.workers[0]!.end();
    expect(pool.snapshot()).toMatchObject({ starting: 1, live: 1, target: 1 });
    await submit(pool, 1);
    engine.workers[0]!.end();
    await clock.advance(49);
    expect(engine.workers.map((worker) => worker.isGone)).toEqual([false, false]);
    await clock.advance(1);
    expect(engine.workers.map((worker) => worker.isGone)).toEqual([true, false]);
    expect(pool.snapshot()).toMatchObject({ size: 1, live: 1, counters: { crashes: 0 } });
  });

  it('interrupts no task', async () => {
    const { pool, engine } = await fakePool({ worker: { recycle: { afterTasks: 1 } } });
    const calls = await submit(pool, 2);
    engine.workers[0]!.end('first');
    await settleMicrotasks();
    expect(engine.workers).toHaveLength(2);
    expect(engine.workers[0]!.isGone).toBe(false);
    for (const worker of engine.running) worker.end('second');
    await settleMicrotasks();
    expect(calls.map((call) => call.value)).toEqual(['first', 'second']);
    expect(engine.workers[0]!.isGone).toBe(true);
  });

  it('above a heap size', async () => {
    const { pool, engine } = await fakePool({ worker: { recycle: { aboveHeapMb: 100 } } });
    for (const heapMb of [99, 100, 101]) {
      await submit(pool, 1);
      expect(engine.workers).toHaveLength(1);
      engine.workers[0]!.heapMb = heapMb;
      engine.workers[0]!.end();
      await settleMicrotasks();
    }
    expect(engine.workers.map((worker) => worker.isGone)).toEqual([true, false]);
  });

  it('by age, one worker at a time', async () => {
    const { pool, engine, clock } = await fakePool(
      { size: { min: 3, max: 3 }, worker: { recycle: { afterMs: 1_000 } } },
      { bootMs: 50 },
    );
    await clock.advance(50);
    const exits: string[] = [];
    pool.on('workerExited', ({ workerId, reason }) => exits.push(`${workerId} ${reason}`));
    await clock.advance(1_000);
    expect(pool.snapshot()).toMatchObject({ live: 3, starting: 1 });
    await clock.advance(50);
    expect(pool.snapshot()).toMatchObject({ live: 3, starting: 1 });
    await clock.advance(100);
    expect(exits).toEqual(['1 recycled', '2 recycled', '3 recycled']);
    expect(engine.alive.map((worker) => worker.id)).toEqual([4, 5, 6]);
  });

  it('at the maximum adds one for as long as it lasts', async () => {
    const { pool, engine, clock } = await fakePool(
      { size: { min: 2, max: 2 }, worker: { recycle: { afterTasks: 1 } } },
      { bootMs: 50 },
    );
    await clock.advance(50);
    await submit(pool, 2);
    for (const worker of engine.running) worker.end();
    expect(pool.snapshot()).toMatchObject({ size: 3, target: 2 });
    await clock.advance(200);
    expect(pool.snapshot()).toMatchObject({ size: 2, target: 2 });
    expect(engine.alive.map((worker) => worker.id)).toEqual([3, 4]);
  });

  it('is not stopped by a replacement that cannot boot', async () => {
    const { pool, engine, clock } = await fakePool({ worker: { recycle: { afterTasks: 1 } } });
    await submit(pool, 1);
    engine.bootError = new Error('broken');
    engine.workers[0]!.end();
    await clock.advance(150);
    expect(engine.alive).toEqual([engine.workers[0]]);
    const [call] = await submit(pool, 1);
    engine.workers[0]!.end('still serving');
    engine.bootError = null;
    await clock.advance(30_000);
    expect(call!.value).toBe('still serving');
    expect(engine.workers[0]!.isGone).toBe(true);
    expect(engine.alive).toHaveLength(1);
  });

  it('gives way to a shrink: the worker that is due leaves instead of its replacement', async () => {
    const { pool, engine, clock } = await fakePool(
      { size: { min: 1, max: 2, initial: 2 }, worker: { recycle: { afterTasks: 1 } } },
      { bootMs: 50 },
    );
    await clock.advance(50);
    await submit(pool, 2);
    engine.workers[0]!.end();
    expect(pool.snapshot()).toMatchObject({ starting: 1, live: 2 });
    const resized = watch(pool.resize(1));
    await clock.advance(50);
    expect(resized.state).toBe('resolved');
    expect(engine.alive).toEqual([engine.workers[1]]);
    expect(pool.snapshot()).toMatchObject({ size: 1, live: 1, starting: 0 });
  });

  it('settles a resize to the same size once it is over', async () => {
    const { pool, engine, clock } = await fakePool({ worker: { recycle: { afterTasks: 1 } } }, { bootMs: 50 });
    await clock.advance(50);
    await submit(pool, 1);
    engine.workers[0]!.end();
    const resized = watch(pool.resize(1));
    await clock.advance(50);
    expect(resized.state).toBe('resolved');
  });

  it('leaves no timer behind when the pool closes', async () => {
    const { pool, clock } = await fakePool({ worker: { recycle: { afterMs: 5_000 } } });
    expect(clock.scheduled).toBe(1);
    await pool.close();
    expect(clock.scheduled).toBe(0);
  });
});
