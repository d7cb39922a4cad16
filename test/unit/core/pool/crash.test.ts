import { describe, expect, it } from 'vitest';
import { PoolConfigError, WorkerCrashedError } from '../../../../lib/core/errors.js';
import { fakePool, submit, unstartedFakePool } from '../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../support/virtual-clock.js';
import { actUntil, rejectionOf, watch } from '../../../support/watch.js';

describe('a crashed worker (P9)', () => {
  it('fails the task it had started, with the phase, the code and the cause', async () => {
    const { pool, engine } = await fakePool();
    const [call] = await submit(pool, 1);
    const cause = new Error('heap');
    engine.workers[0]!.crash(134, cause);
    await settleMicrotasks();
    expect(call!.error).toBeInstanceOf(WorkerCrashedError);
    expect(call!.error).toMatchObject({ code: 'WORKER_CRASHED', phase: 'started', exitCode: 134, cause, pool: 'fake' });
    expect((call!.error as Error).message).toBe(
      `pool 'fake': worker 1 (thread 1001) exited with code 134 while it ran 'work'. Cause: heap`,
    );
    expect(pool.snapshot().counters).toMatchObject({ submitted: 1, failed: 1, crashes: 1 });
  });

  it('fails a task that had finished and whose result was lost, and says so', async () => {
    const { pool, engine } = await fakePool();
    const [call] = await submit(pool, 1);
    engine.workers[0]!.loseReplies();
    await settleMicrotasks();
    expect(call!.error).toMatchObject({ phase: 'finished' });
    expect((call!.error as Error).message).toContain(`after 'work' had finished; its result is lost`);
  });

  it('gives back what it had not started, to the front of the queue and in order', async () => {
    const { pool, engine } = await fakePool({ worker: { concurrency: 2 } }, { beginAtOnce: false });
    const started: number[] = [];
    pool.on('started', ({ id }) => started.push(id));
    const calls = await submit(pool, 3);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 3 });
    engine.workers[0]!.crash();
    await settleMicrotasks();
    expect(calls.map((call) => call.state)).toEqual(['pending', 'pending', 'pending']);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 3, counters: { failed: 0, crashes: 1 } });
    engine.workers[1]!.begin();
    engine.workers[1]!.end();
    engine.workers[1]!.begin();
    engine.workers[1]!.end();
    await settleMicrotasks();
    expect(started).toEqual([1, 2, 3]);
    expect(calls.map((call) => call.state)).toEqual(['resolved', 'resolved', 'resolved']);
  });

  it('is replaced at once the first time, and its tasks do not wait for a request', async () => {
    const { pool, engine } = await fakePool();
    const calls = await submit(pool, 2);
    engine.workers[0]!.crash();
    await settleMicrotasks();
    expect(engine.workers).toHaveLength(2);
    engine.workers[1]!.end('second');
    await settleMicrotasks();
    expect(calls.map((call) => call.state)).toEqual(['rejected', 'resolved']);
  });

  it('is replaced under exponential back-off, from 100 ms to 30 s, until one has ended a task', async () => {
    const { pool, engine, clock } = await fakePool();
    const delays: number[] = [];
    for (let crash = 0; crash < 12; crash++) {
      const crashedAt = clock.now();
      const before = engine.workers.length;
      engine.alive[0]!.crash();
      await settleMicrotasks();
      await actUntil(
        () => engine.workers.length > before,
        () => clock.advance(100),
      );
      await settleMicrotasks();
      delays.push(clock.now() - crashedAt);
    }
    expect(delays).toEqual([0, 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]);
    await submit(pool, 1);
    engine.running[0]!.end();
    const before = engine.workers.length;
    engine.alive[0]!.crash();
    await settleMicrotasks();
    expect(engine.workers).toHaveLength(before + 1);
  });

  it('does not hold up the others that are missing once a worker has ended a task', async () => {
    const { pool, engine } = await fakePool({ size: { min: 4, max: 4 }, quarantine: false });
    await submit(pool, 5);
    for (const worker of [...engine.alive]) worker.crash();
    await settleMicrotasks();
    expect(engine.alive).toHaveLength(1);
    engine.running[0]!.end();
    await settleMicrotasks();
    expect(engine.alive).toHaveLength(4);
  });

  it('outside a task costs no task, and is told as an event', async () => {
    const { pool, engine } = await fakePool();
    const exits: unknown[] = [];
    pool.on('workerExited', (exit) => exits.push(exit));
    engine.workers[0]!.crash(7);
    await settleMicrotasks();
    expect(exits).toEqual([{ workerId: 1, reason: 'crashed', error: expect.any(WorkerCrashedError) }]);
    expect((exits[0] as { error: Error }).error.message).toContain('exited with code 7 outside a task');
    expect(pool.snapshot().counters).toMatchObject({ crashes: 1, failed: 0 });
  });

  it('that was about to leave is a crash too', async () => {
    const { pool, engine } = await fakePool({ size: { min: 1, max: 2, initial: 2 } });
    const calls = await submit(pool, 2);
    const resized = watch(pool.resize(1));
    engine.workers[0]!.crash();
    await settleMicrotasks();
    expect(calls.filter((call) => call.state === 'rejected')).toHaveLength(1);
    expect(resized.state).toBe('resolved');
    expect(engine.workers).toHaveLength(2);
    expect(pool.snapshot().counters.crashes).toBe(1);
  });

  it('whose cancelled task was still running harms nobody', async () => {
    const { pool, engine, clock } = await fakePool();
    const controller = new AbortController();
    const [call] = await submit(pool, 1, { signal: controller.signal });
    controller.abort(new Error('enough'));
    engine.workers[0]!.crash();
    expect(clock.scheduled).toBe(0);
    await clock.advance(10_000);
    expect(call!.settlements).toBe(1);
    expect(pool.snapshot().counters).toMatchObject({ cancelled: 1, failed: 0, crashes: 1 });
  });
});

describe('a worker that cannot boot', () => {
  it('three times in a row fails what waits and ready(), and tells the cause', async () => {
    const { pool, engine, clock } = unstartedFakePool();
    engine.bootError = new Error('module broken');
    const ready = watch(pool.ready());
    const calls = await submit(pool, 2);
    await clock.advance(99);
    expect(engine.workers).toHaveLength(2);
    expect([ready.state, calls[0]!.state]).toEqual(['pending', 'pending']);
    await clock.advance(1);
    expect(engine.workers).toHaveLength(3);
    for (const { error } of [ready, ...calls]) {
      expect(error).toBeInstanceOf(WorkerCrashedError);
      expect((error as Error).message).toContain('before it was ready. Cause: module broken');
    }
    expect(pool.snapshot().counters).toMatchObject({ submitted: 2, failed: 2, crashes: 3 });
  });

  it('for a reason that will not go away, its configuration, fails what waits at once', async () => {
    const { pool, engine } = unstartedFakePool();
    engine.bootError = new PoolConfigError('tasks exports no function');
    const [call] = await submit(pool, 1);
    expect(call!.error).toBeInstanceOf(WorkerCrashedError);
    expect(call!.error).toMatchObject({ cause: engine.bootError });
  });

  it('goes on being tried, and serves again when it can', async () => {
    const { pool, engine, clock } = unstartedFakePool();
    engine.bootError = new Error('module broken');
    const [first] = await submit(pool, 1);
    await clock.advance(1_000);
    expect(first!.state).toBe('rejected');
    engine.bootError = null;
    const [second] = await submit(pool, 1);
    await clock.advance(30_000);
    engine.running[0]!.end('well again');
    await settleMicrotasks();
    expect(second!.value).toBe('well again');
    await pool.ready();
  });

  it('fails a resize that cannot come true', async () => {
    const { pool, engine, clock } = unstartedFakePool();
    engine.bootError = new Error('module broken');
    const resized = watch(pool.resize(2));
    await clock.advance(1_000);
    expect(resized.error).toBeInstanceOf(WorkerCrashedError);
  });

  it('fails nobody who waits while another worker serves', async () => {
    const { pool, engine, clock } = await fakePool();
    const calls = await submit(pool, 2);
    engine.bootError = new Error('module broken');
    void pool.resize(2).catch(() => {});
    await clock.advance(5_000);
    expect(calls.map((call) => call.state)).toEqual(['pending', 'pending']);
  });

  it('does not hold the pool in back-off once it is no longer wanted', async () => {
    const { pool, engine, clock } = await fakePool();
    engine.bootError = new Error('module broken');
    const resized = watch(pool.resize(2));
    await clock.advance(150);
    await pool.resize(1);
    await clock.advance(60_000);
    expect(resized.state).toBe('resolved');
    expect(clock.scheduled).toBe(0);
  });
});

describe('an engine that refuses to spawn', () => {
  it('is heard by whoever starts the pool, and the pool can be closed', async () => {
    const { pool, engine, clock } = unstartedFakePool();
    engine.spawnError = new Error('bad execArgv');
    expect(await rejectionOf(pool.run('work'))).toBe(engine.spawnError);
    expect(await rejectionOf(pool.ready())).toBe(engine.spawnError);
    expect(pool.snapshot()).toMatchObject({ size: 0, queueDepth: 0, counters: { submitted: 0 } });
    await pool.close();
    expect(clock.scheduled).toBe(0);
  });

  it('later on counts as a boot that failed, and is tried again', async () => {
    const { pool, engine, clock } = await fakePool();
    const calls = await submit(pool, 2);
    engine.spawnError = new Error('no thread left');
    engine.workers[0]!.crash();
    await settleMicrotasks();
    expect(pool.snapshot()).toMatchObject({ size: 0, queueDepth: 1 });
    engine.spawnError = null;
    await clock.advance(100);
    engine.running[0]!.end('served');
    await settleMicrotasks();
    expect(calls.map((call) => call.value)).toEqual([undefined, 'served']);
  });

  it('for long fails what waits', async () => {
    const { pool, engine, clock } = await fakePool();
    engine.spawnError = new Error('no thread left');
    engine.workers[0]!.crash();
    const [call] = await submit(pool, 1);
    await clock.advance(1_000);
    expect(call!.error).toBeInstanceOf(WorkerCrashedError);
    expect((call!.error as Error).message).toContain('Cause: no thread left');
    await pool.close();
    expect(clock.scheduled).toBe(0);
  });

  it('for long is not tried again at once for each task that another worker ends', async () => {
    const { pool, engine, clock } = await fakePool({ size: { min: 2, max: 2 } });
    let attempts = 0;
    engine.spawn = () => {
      attempts++;
      throw new Error('no thread left');
    };
    engine.workers[1]!.crash();
    for (let ms = 0; ms < 1_000; ms += 10) {
      await submit(pool, 1);
      engine.workers[0]!.end();
      await clock.advance(10);
    }
    // At once, and after 100, 300 and 700 ms.
    expect(attempts).toBe(4);
  });

  it('for long, in the middle of a flush, fails what was about to be sent', async () => {
    const { pool, engine, clock } = await fakePool({ size: { min: 1, max: 2, initial: 2 }, abortGraceMs: 5_000 });
    await submit(pool, 2);
    void pool.resize(1, { eager: true }).catch(() => {});
    const [call] = await submit(pool, 1);
    const [haunted] = engine.workers.filter((worker) => worker.aborts.size > 0);
    engine.spawnError = new Error('no thread left');
    // Its end comes as the third attempt to spawn is due, and calls for that before its timer does.
    clock.schedule(300, () => haunted!.end(new Error('aborted'), false));
    engine.workers.find((worker) => worker !== haunted)!.crash();
    await clock.advance(299);
    expect(call!.state).toBe('pending');
    await clock.advance(1);
    expect((call!.error as Error).message).toContain('Cause: no thread left');
    engine.spawnError = null;
    await clock.advance(30_000);
    expect(pool.snapshot()).toMatchObject({ size: 1, queueDepth: 0 });
  });
});
