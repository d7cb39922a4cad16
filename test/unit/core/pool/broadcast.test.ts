import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { PoolConfigError } from '../../../../lib/core/errors.js';
import { fakePool, submit, unstartedFakePool } from '../../../support/fake-pool.js';
import type { FakeEngine } from '../../../support/fake-engine.js';
import { settleMicrotasks } from '../../../support/virtual-clock.js';
import { rejectionOf, watch } from '../../../support/watch.js';

const two = { size: { min: 2, max: 4, initial: 2 } } as const;
const names = { taskNames: ['work', 'load', 'other'] };

/** What each live worker has started. */
function started({ alive }: FakeEngine): string[][] {
  return alive.map((worker) => worker.started.map(({ name, args }) => [name, ...args].join(' ')));
}

async function endAll(engine: FakeEngine): Promise<void> {
  for (const worker of engine.running) worker.end(`by ${worker.id}`);
  await settleMicrotasks();
}

describe('a broadcast (P14)', () => {
  it('runs once on every worker, and gives the results in the order of the workers', async () => {
    const { pool, engine } = await fakePool(two, names);
    const results = watch(pool.broadcast('load', [1]));
    await settleMicrotasks();
    expect(started(engine)).toEqual([['load 1'], ['load 1']]);
    await endAll(engine);
    expect(results.value).toEqual(['by 1', 'by 2']);
    expect(pool.snapshot().counters).toMatchObject({ submitted: 2, completed: 2 });
  });

  it('takes the next free slot of a busy worker, ahead of what waits in the queue', async () => {
    const { pool, engine } = await fakePool(two, names);
    await submit(pool, 4);
    const results = watch(pool.broadcast('load'));
    await settleMicrotasks();
    expect(pool.snapshot().queueDepth).toBe(4);
    await endAll(engine);
    expect(started(engine)).toEqual([['load'], ['load']]);
    await endAll(engine);
    expect(results.state).toBe('resolved');
    expect(started(engine)).toEqual([['work'], ['work']]);
  });

  it('reaches workers that are starting', async () => {
    const { pool, engine, clock } = unstartedFakePool(two, { ...names, bootMs: 10 });
    const results = watch(pool.broadcast('load'));
    await clock.advance(10);
    expect(started(engine)).toEqual([['load'], ['load']]);
    await endAll(engine);
    expect(results.value).toHaveLength(2);
  });

  it('rejects where a worker exits while it runs there, once all others have ended', async () => {
    const { pool, engine } = await fakePool(two, names);
    const results = watch(pool.broadcast('load'));
    await settleMicrotasks();
    engine.workers[1]!.crash();
    await settleMicrotasks();
    expect(results.state).toBe('pending');
    await endAll(engine);
    expect(results.error).toMatchObject({ code: 'WORKER_CRASHED' });
  });

  it('does without a worker that goes while its task waits there', async () => {
    const { pool, engine } = await fakePool(two, names);
    await submit(pool, 2);
    const results = watch(pool.broadcast('load'));
    engine.workers[0]!.crash();
    await settleMicrotasks();
    await endAll(engine);
    await endAll(engine);
    expect(results.value).toEqual(['by 2']);
    expect(pool.snapshot().counters.cancelled).toBe(1);
  });

  it('rejects with the first failure once all have ended; the others go on', async () => {
    const { pool, engine } = await fakePool(two, names);
    const results = watch(pool.broadcast('load'));
    await settleMicrotasks();
    engine.workers[0]!.end(new Error('no'), false);
    await settleMicrotasks();
    expect(results.state).toBe('pending');
    engine.workers[1]!.end();
    await settleMicrotasks();
    expect(results.error).toMatchObject({ message: 'no' });
    expect(pool.snapshot().counters).toMatchObject({ completed: 1, failed: 1 });
  });

  it('is cancelled by its signal, where it waits and where it runs', async () => {
    const { pool, engine } = await fakePool(two, names);
    await submit(pool, 1);
    const controller = new AbortController();
    const results = watch(pool.broadcast('load', [], { signal: controller.signal }));
    await settleMicrotasks();
    controller.abort('enough');
    await settleMicrotasks();
    expect(results.error).toBe('enough');
    expect(engine.workers.map((worker) => worker.aborts.size)).toEqual([1, 0]);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 0, counters: { cancelled: 2 } });
  });

  it('waits while the pool is paused, and keeps its worker meanwhile', async () => {
    const { pool, engine, clock } = await fakePool({ ...two, idleExpiryMs: 10 }, names);
    pool.pause();
    const results = watch(pool.broadcast('load'));
    await clock.advance(1_000);
    expect(started(engine)).toEqual([[], []]);
    expect(pool.snapshot().queueDepth).toBe(2);
    pool.resume();
    await settleMicrotasks();
    await endAll(engine);
    expect(results.value).toHaveLength(2);
  });

  it('leaves no worker idle that waits to run it: idle expiry takes none of them (P2)', async () => {
    const options = { size: { min: 1, max: 4, initial: 1 }, idleExpiryMs: 600 } as const;
    const { pool, engine, clock } = await fakePool(options, names);
    pool.pause();
    const results = watch(pool.broadcast('load'));
    await clock.advance(5_000);
    expect(pool.snapshot()).toMatchObject({ live: 1, draining: 0, target: 1 });
    pool.resume();
    await settleMicrotasks();
    expect(engine.workers).toHaveLength(1);
    await endAll(engine);
    expect(results.value).toEqual(['by 1']);
  });

  it('keeps no worker that was told to leave once it is aborted (P2, P10)', async () => {
    const { pool, engine } = await fakePool({ size: { min: 1, max: 4, initial: 2 } }, names);
    pool.pause();
    const controller = new AbortController();
    const results = watch(pool.broadcast('load', [], { signal: controller.signal }));
    const smaller = watch(pool.resize(1));
    await settleMicrotasks();
    expect([engine.alive.length, smaller.state]).toEqual([2, 'pending']);
    controller.abort(new Error('enough'));
    await settleMicrotasks();
    expect([engine.alive.length, smaller.state, results.state]).toEqual([1, 'resolved', 'rejected']);
    expect(pool.snapshot()).toMatchObject({ live: 1, idle: 1, draining: 0 });
  });

  it('comes back to its worker where it was sent and has not begun', async () => {
    const { pool, engine } = await fakePool(two, { ...names, beginAtOnce: false });
    const results = watch(pool.broadcast('load'));
    await settleMicrotasks();
    pool.pause();
    expect(engine.alive.flatMap((worker) => worker.sent)).toEqual([]);
    pool.resume();
    await settleMicrotasks();
    expect(engine.alive.map((worker) => worker.sent.length)).toEqual([1, 1]);
    for (const worker of engine.alive) worker.begin();
    await endAll(engine);
    expect(results.value).toHaveLength(2);
  });

  it('never makes a worker run more tasks at once than it may', async () => {
    const { pool, engine } = await fakePool({ size: { min: 1, max: 1 }, worker: { concurrency: 2 } }, names);
    await submit(pool, 5);
    void pool.broadcast('load');
    await settleMicrotasks();
    expect(started(engine)).toEqual([['work', 'work']]);
    engine.workers[0]!.end('one', true, engine.workers[0]!.started.slice(0, 1));
    await settleMicrotasks();
    expect(started(engine)).toEqual([['work', 'load']]);
  });

  it('is refused where the queue has no room for it, under any overflow policy', async () => {
    const { pool } = await fakePool({ ...two, queue: { capacity: 2, overflow: 'wait' } }, names);
    await submit(pool, 3);
    expect(await rejectionOf(pool.broadcast('load'))).toMatchObject({ code: 'POOL_FULL' });
    expect(pool.snapshot().counters).toMatchObject({ submitted: 3, refused: 1 });
  });

  it('gives nothing where there is no worker', async () => {
    const { pool, clock } = await fakePool({ size: { min: 1, max: 1 }, idleExpiryMs: 10 }, names);
    pool.pause();
    await clock.advance(100);
    expect(await pool.broadcast('load')).toEqual([]);
  });

  it('is refused by a pool that is draining or closed, and for a task that does not exist', async () => {
    const { pool } = await fakePool(two, names);
    expect(await rejectionOf(pool.broadcast('laod'))).toMatchObject({ code: 'TASK_NOT_FOUND' });
    await pool.drain();
    expect(await rejectionOf(pool.broadcast('load'))).toMatchObject({ code: 'DRAINING' });
    await pool.close();
    expect(await rejectionOf(pool.broadcast('load'))).toMatchObject({ code: 'POOL_CLOSED' });
  });

  it.each([
    [['load', [], { replay: 1 }], /broadcast\(\{ replay \}\) is 1, but must be true or false/],
    [['load', [], { signal: {} }], /broadcast\(\{ signal \}\) is an object, but must be an AbortSignal/],
    [['load', [], { timeoutMs: 1 }], /broadcast\(\) has no option "timeoutMs"/],
    [['load', 'args'], /args/],
  ])('is told in options that are checked: %j', async (args, message) => {
    const { pool } = await fakePool(two, names);
    const error = await rejectionOf((pool.broadcast as (...args: unknown[]) => Promise<unknown>)(...args));
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toMatch(message);
  });
});

describe('a broadcast with replay (P14)', () => {
  it('runs on each worker born later, before anything else', async () => {
    const { pool, engine } = await fakePool(two, names);
    void pool.broadcast('load', ['a'], { replay: true });
    void pool.broadcast('other', [], { replay: true });
    await settleMicrotasks();
    await endAll(engine);
    await endAll(engine);
    await submit(pool, 4);
    void pool.resize(3);
    await settleMicrotasks();
    const late = engine.workers[2]!;
    const seen: string[] = [];
    for (let task = 0; task < 3; task++) {
      seen.push(...late.started.map(({ name }) => name));
      late.end();
      await settleMicrotasks();
    }
    expect(seen).toEqual(['load', 'other', 'work']);
  });

  it('runs once on a worker that is starting as it is called, behind what that one has to catch up on', async () => {
    const { pool, engine, clock } = await fakePool(two, { ...names, bootMs: 10 });
    await clock.advance(10);
    void pool.broadcast('load', [1], { replay: true });
    await settleMicrotasks();
    await endAll(engine);
    void pool.resize(3);
    void pool.broadcast('other', [], { replay: true });
    await clock.advance(10);
    const late = engine.workers[2]!;
    const seen: string[] = [];
    for (let task = 0; task < 3; task++) {
      seen.push(...late.started.map(({ name }) => name));
      late.end();
      await settleMicrotasks();
    }
    expect(seen).toEqual(['load', 'other']);
  });

  it('stands for the earlier ones of its task', async () => {
    const { pool, engine } = await fakePool(two, names);
    void pool.broadcast('load', [1], { replay: true });
    void pool.broadcast('load', [2], { replay: true });
    await settleMicrotasks();
    await endAll(engine);
    await endAll(engine);
    void pool.resize(3);
    await settleMicrotasks();
    expect(started(engine)[2]).toEqual(['load 2']);
    await endAll(engine);
    expect(started(engine)[2]).toEqual([]);
  });

  it('replaced by a later one while a worker ran it and died, does not bring the dead worker back', async () => {
    const { pool, engine } = await fakePool({ size: { min: 1, max: 1 }, quarantine: false }, names);
    void pool.broadcast('load', [1], { replay: true }).catch(() => undefined);
    await settleMicrotasks();
    engine.workers[0]!.crash();
    await settleMicrotasks();
    void pool.broadcast('load', [2], { replay: true }).catch(() => undefined);
    await settleMicrotasks();
    engine.workers[1]!.crash();
    await settleMicrotasks();
    await submit(pool, 1);
    expect(engine.offences).toEqual([]);
  });

  it('ends by its signal, also for a worker that is about to run it', async () => {
    const { pool, engine, clock } = await fakePool(two, { ...names, bootMs: 10 });
    await clock.advance(10);
    const controller = new AbortController();
    void pool.broadcast('load', [], { replay: true, signal: controller.signal });
    await endAll(engine);
    void pool.resize(4);
    controller.abort();
    await clock.advance(10);
    await submit(pool, 4);
    expect(started(engine)).toEqual([['work'], ['work'], ['work'], ['work']]);
    expect(pool.snapshot().counters.crashes).toBe(0);
  });

  it('replaces a worker in which it fails, with back-off, as one that does not boot', async () => {
    const { pool, engine, clock } = await fakePool(two, names);
    void pool.broadcast('load', [], { replay: true });
    await settleMicrotasks();
    await endAll(engine);
    await submit(pool, 3);
    const exits: string[] = [];
    pool.on('workerExited', ({ reason }) => exits.push(reason));
    void pool.resize(3);
    await settleMicrotasks();
    engine.workers[2]!.end(new Error('no'), false);
    await settleMicrotasks();
    expect(exits).toEqual(['crashed']);
    expect(started(engine)).toEqual([['work'], ['work'], ['load']]);
    engine.workers[3]!.end();
    await settleMicrotasks();
    expect(started(engine)).toEqual([['work'], ['work'], ['work']]);
    await clock.advance(1_000);
    expect(pool.snapshot()).toMatchObject({ size: 3, counters: { crashes: 1 } });
  });

  it('that fails everywhere costs no more than a worker that does not boot: the waits between them double', async () => {
    const { pool, engine, clock } = await fakePool(two, names);
    void pool.broadcast('load', [], { replay: true });
    await settleMicrotasks();
    await endAll(engine);
    void pool.resize(3).catch(() => undefined);
    const others = engine.workers.slice(0, 2);
    for (let ms = 0; ms < 3_000; ms += 10) {
      // The others go on ending tasks meanwhile.
      await submit(pool, 2);
      for (const other of others) other.end();
      engine.running.find((worker) => !others.includes(worker))?.end(new Error('no'), false);
      await clock.advance(10);
    }
    expect(engine.workers.length).toBeLessThanOrEqual(2 + 7);
    expect(engine.workers.length).toBeGreaterThan(2 + 4);
  });

  it('is no wait of anybody while its worker boots, and takes no place in the queue', async () => {
    const { pool, engine, clock } = await fakePool({ ...two, queue: { capacity: 2 } }, { ...names, bootMs: 300 });
    await clock.advance(300);
    void pool.broadcast('load', [], { replay: true });
    await settleMicrotasks();
    await endAll(engine);
    const before = pool.snapshot();
    await submit(pool, 2);
    void pool.resize(3);
    await clock.advance(299);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 1, starting: 1 });
    expect((await submit(pool, 2)).map(({ state }) => state)).toEqual(['pending', 'pending']);
    expect((await submit(pool, 1))[0]!.error).toMatchObject({ code: 'POOL_FULL' });
    await clock.advance(1);
    expect(started(engine)).toEqual([['work'], ['work'], ['load']]);
    const { load, wait } = pool.snapshot();
    expect([load!.started - before.load!.started, load!.late, wait.max]).toEqual([3, 0, 0]);
    await endAll(engine);
    await endAll(engine);
    const { counters, queueDepth } = pool.snapshot();
    expect([counters.submitted, counters.completed, queueDepth]).toEqual([7, 7, 0]);
  });

  it('has no deadline for the wait until its worker has booted, or a pause ends', async () => {
    const { pool, engine, clock } = await fakePool({ ...two, queueTimeoutMs: 50 }, { ...names, bootMs: 300 });
    await clock.advance(300);
    void pool.broadcast('load', [], { replay: true });
    await settleMicrotasks();
    await endAll(engine);
    void pool.resize(3);
    await clock.advance(300);
    expect(started(engine)).toEqual([[], [], ['load']]);
    pool.pause();
    void pool.resize(4);
    await clock.advance(1_000);
    pool.resume();
    await settleMicrotasks();
    expect(started(engine)).toEqual([[], [], ['load'], ['load']]);
    expect(pool.snapshot().counters).toMatchObject({ failed: 0, crashes: 0 });
  });

  it('is not run any more where it is quarantined: no worker is fit until it is released (P9)', async () => {
    const { pool, engine, clock } = await fakePool(
      { size: { min: 1, max: 1 }, quarantine: { afterCrashes: 1 } },
      names,
    );
    const call = watch(pool.broadcast('load', [], { replay: true }));
    await settleMicrotasks();
    engine.running[0]!.crash();
    await settleMicrotasks();
    expect(call.error).toMatchObject({ code: 'TASK_QUARANTINED' });
    await clock.advance(40_000);
    expect(engine.workers.flatMap((worker) => worker.begun)).toHaveLength(1);
    pool.quarantine.release();
    await clock.advance(40_000);
    await endAll(engine);
    const work = watch(pool.run('work'));
    await settleMicrotasks();
    await endAll(engine);
    expect(work.state).toBe('resolved');
  });

  it('tells callers where no worker can be made fit', async () => {
    const { pool, engine, clock } = await fakePool({ size: { min: 1, max: 1 } }, names);
    void pool.broadcast('load', [], { replay: true });
    await settleMicrotasks();
    await endAll(engine);
    const [call] = await submit(pool, 1);
    engine.workers[0]!.crash();
    const [waiting] = await submit(pool, 1);
    for (let boot = 0; boot < 3; boot++) {
      await clock.advance(40_000);
      engine.running[0]?.end(new Error('no'), false);
      await settleMicrotasks();
    }
    expect(call!.state).toBe('rejected');
    expect(waiting!.error).toMatchObject({ code: 'WORKER_CRASHED' });
  });

  it('leaves no listener on its signal, and no timer, once the pool is closed', async () => {
    const { pool, engine, clock } = await fakePool(two, names);
    const { signal } = new AbortController();
    const before = listeners(signal);
    void pool.broadcast('load', [1], { replay: true, signal });
    await settleMicrotasks();
    await endAll(engine);
    void pool.broadcast('load', [2], { replay: true });
    await settleMicrotasks();
    await endAll(engine);
    expect(listeners(signal)).toBe(before);
    void pool.broadcast('other', [], { replay: true, signal });
    await settleMicrotasks();
    await endAll(engine);
    expect(listeners(signal)).toBe(before + 1);
    await pool.close();
    expect(clock.scheduled).toBe(0);
    expect(listeners(signal)).toBe(before);
  });
});

function listeners(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length;
}
