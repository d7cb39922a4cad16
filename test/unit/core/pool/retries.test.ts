import { describe, expect, it } from 'vitest';
import { PoolConfigError, WorkerCrashedError } from '../../../../lib/core/errors.js';
import { fakePool, submit } from '../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../support/virtual-clock.js';
import { rejectionOf } from '../../../support/watch.js';

const one = { size: { min: 1, max: 1 }, quarantine: false } as const;

describe('an idempotent task whose worker exits (P9)', () => {
  it('runs again on another worker after 100 ms, and its caller has the result', async () => {
    const { pool, engine, clock } = await fakePool(one);
    const told: unknown[] = [];
    pool.on('retried', ({ error, ...rest }) => told.push([rest, error.constructor]));
    const [call] = await submit(pool, 1, { idempotent: true });
    engine.workers[0]!.crash();
    await clock.advance(99);
    expect(engine.running).toEqual([]);
    expect(pool.snapshot()).toMatchObject({
      queueDepth: 1,
      busy: 0,
      counters: { retried: 1, failed: 0, submitted: 1 },
    });
    await clock.advance(1);
    expect(engine.running[0]!.started).toMatchObject([{ id: 1, attempt: 2 }]);
    engine.running[0]!.end('second time');
    await settleMicrotasks();
    expect(call).toMatchObject({ state: 'resolved', value: 'second time' });
    expect(told).toEqual([[{ id: 1, task: 'work', attempt: 2, delayMs: 100 }, WorkerCrashedError]]);
    expect(pool.snapshot().counters).toMatchObject({ submitted: 1, completed: 1, crashes: 1, retried: 1 });
  });

  it('waits twice as long each time, at most 10 s, and rejects with the last crash after its retries', async () => {
    const { pool, engine, clock } = await fakePool(one);
    const delays: number[] = [];
    pool.on('retried', ({ delayMs }) => delays.push(delayMs));
    const [call] = await submit(pool, 1, { idempotent: true, retries: 9 });
    for (let crash = 1; crash <= 10; crash++) {
      engine.running[0]!.crash(crash);
      await clock.advance(40_000);
    }
    expect(delays).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
    expect(call).toMatchObject({ state: 'rejected', error: { code: 'WORKER_CRASHED', exitCode: 10 } });
    expect(pool.snapshot()).toMatchObject({ queueDepth: 0, counters: { failed: 1, retried: 9, submitted: 1 } });
  });

  it('is retried twice where it says no number, and not at all with 0', async () => {
    for (const [options, runs] of [
      [{ idempotent: true }, 3],
      [{ idempotent: true, retries: 0 }, 1],
      [{}, 1],
    ] as const) {
      const { pool, engine, clock } = await fakePool(one);
      const [call] = await submit(pool, 1, options);
      for (let run = 0; run < runs; run++) {
        expect(call!.state).toBe('pending');
        engine.running[0]!.crash();
        await clock.advance(40_000);
      }
      expect(call!.state).toBe('rejected');
    }
  });

  it('is retried where it had finished and its result was lost', async () => {
    const { pool, engine, clock } = await fakePool(one);
    const [call] = await submit(pool, 1, { idempotent: true });
    engine.workers[0]!.loseReplies();
    await clock.advance(100);
    engine.running[0]!.end();
    await settleMicrotasks();
    expect(call!.state).toBe('resolved');
  });

  it('is not retried where its arguments have moved', async () => {
    const { pool, engine } = await fakePool(one);
    const [call] = await submit(pool, 1, { idempotent: true, transfer: [new ArrayBuffer(1)] });
    engine.workers[0]!.crash();
    await settleMicrotasks();
    expect(call!.error).toBeInstanceOf(WorkerCrashedError);
  });

  it('is not retried for what it throws', async () => {
    const { pool, engine } = await fakePool(one);
    const [call] = await submit(pool, 1, { idempotent: true });
    engine.workers[0]!.end(new Error('no'), false);
    await settleMicrotasks();
    expect(call!.error).toMatchObject({ message: 'no' });
  });

  it('comes before what was submitted later', async () => {
    const { pool, engine, clock } = await fakePool(one);
    await submit(pool, 1, { idempotent: true });
    await submit(pool, 3);
    engine.workers[0]!.crash();
    await clock.advance(100);
    engine.running[0]!.end();
    await settleMicrotasks();
    expect(engine.running[0]!.started).toMatchObject([{ id: 1 }]);
  });

  it('leaves the wait for its retry by an abort, and leaves no timer', async () => {
    const { pool, engine, clock } = await fakePool(one);
    const controller = new AbortController();
    const [call] = await submit(pool, 1, { idempotent: true, signal: controller.signal });
    engine.workers[0]!.crash();
    await settleMicrotasks();
    controller.abort('enough');
    await settleMicrotasks();
    expect(call).toMatchObject({ state: 'rejected', error: 'enough' });
    expect(pool.snapshot()).toMatchObject({ queueDepth: 0, counters: { cancelled: 1, failed: 0 } });
    await pool.close();
    expect(clock.scheduled).toBe(0);
  });

  it('has its deadlines anew, without the time it lay aside', async () => {
    const { pool, engine, clock } = await fakePool(one);
    const [call] = await submit(pool, 1, { idempotent: true, queueTimeoutMs: 50, timeoutMs: 1_000 });
    await clock.advance(900);
    engine.workers[0]!.crash();
    await clock.advance(100);
    await clock.advance(900);
    expect(call!.state).toBe('pending');
    await clock.advance(100);
    expect(call!.error).toMatchObject({ code: 'TASK_TIMEOUT' });
  });

  it('is waited for by a drain, and cut short by the deadline of a close', async () => {
    const { pool, engine, clock } = await fakePool(one);
    const [call] = await submit(pool, 1, { idempotent: true });
    engine.workers[0]!.crash();
    const drained = pool.drain();
    await clock.advance(100);
    engine.running[0]!.crash();
    await settleMicrotasks();
    const closed = pool.close({ timeoutMs: 10 });
    await clock.advance(10);
    await clock.advance(2_000);
    expect(call!.error).toMatchObject({ code: 'POOL_CLOSED' });
    await Promise.all([drained, closed]);
    expect(clock.scheduled).toBe(0);
  });

  it.each([
    [{ idempotent: 'yes' }, /idempotent is "yes", but must be true or false/],
    [{ idempotent: true, retries: -1 }, /retries is -1, but must be a whole number from 0 to 100/],
    [{ idempotent: true, retries: 1.5 }, /retries is 1.5/],
    [{ retries: 3 }, /retries is 3, but must be left out where idempotent is not true/],
  ])('is told in options that are checked: %j', async (options, message) => {
    const { pool } = await fakePool(one);
    const error = await rejectionOf(pool.run('work', [], options as never));
    expect(error).toBeInstanceOf(PoolConfigError);
    expect(error.message).toMatch(message);
  });
});
