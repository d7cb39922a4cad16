import { describe, expect, it } from 'vitest';
import { QueueTimeoutError, TaskTimeoutError } from '../../../../../lib/core/errors.js';
import { aheadPool, idsOf, submit } from '../../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../../support/virtual-clock.js';

describe('a task that was sent ahead (P10)', () => {
  it('and is cancelled frees its place, never begins, and the worker goes on', async () => {
    const { pool, engine } = await aheadPool({ queue: { capacity: 3 } });
    const controller = new AbortController();
    await submit(pool, 2);
    const [cancelled] = await submit(pool, 1, { signal: controller.signal });
    const [last] = await submit(pool, 1);
    expect(pool.snapshot().queueDepth).toBe(3);
    controller.abort('enough');
    await settleMicrotasks();
    expect(cancelled!.error).toBe('enough');
    const [worker] = engine.workers;
    expect(idsOf(worker!.claims.keys())).toEqual([2, 3, 5]);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 2, counters: { cancelled: 1 } });
    const [next] = await submit(pool, 1);
    expect(next!.state).toBe('pending');
    for (const id of [2, 3, 5, 6]) {
      expect(idsOf(worker!.started)).toEqual([id]);
      worker!.end();
      await settleMicrotasks();
    }
    expect([last!.state, next!.state]).toEqual(['resolved', 'resolved']);
    expect(worker!.aborts.size).toBe(0);
  });

  it('and has begun unheard is asked to end, like any that runs', async () => {
    const { pool, engine, clock } = await aheadPool({ abortGraceMs: 100 });
    const controller = new AbortController();
    const [, cancelled] = [await submit(pool, 1), ...(await submit(pool, 1, { signal: controller.signal }))];
    const [worker] = engine.workers;
    const [, task] = worker!.claims.keys();
    worker!.claims.set(task!, 'started');
    controller.abort('enough');
    await settleMicrotasks();
    expect(cancelled!.error).toBe('enough');
    expect(worker!.aborts.get(task!)).toBe('enough');
    worker!.end();
    await clock.advance(1_000);
    expect(worker!.isGone).toBe(false);
    expect(pool.snapshot().counters).toMatchObject({ submitted: 3, completed: 2, cancelled: 1 });
  });

  it('fails with QueueTimeoutError when it has waited too long, and never begins', async () => {
    const { pool, engine, clock } = await aheadPool({ queue: { capacity: 1 } });
    await submit(pool, 1, {});
    const [call] = await submit(pool, 1, { queueTimeoutMs: 3 });
    expect(engine.workers[0]!.claims.size).toBe(2);
    await clock.advance(3);
    expect(call!.error).toBeInstanceOf(QueueTimeoutError);
    expect(engine.workers[0]!.claims.size).toBe(1);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 0, counters: { failed: 1 } });
  });

  it('may wait as long as it was to when it comes back, and no longer', async () => {
    const { pool, engine, clock } = await aheadPool();
    await submit(pool, 1);
    const [call] = await submit(pool, 1, { queueTimeoutMs: 20 });
    await clock.advance(15);
    expect(engine.workers[0]!.claims.size).toBe(1);
    expect(pool.snapshot().queueDepth).toBe(1);
    await clock.advance(4);
    expect(call!.state).toBe('pending');
    await clock.advance(1);
    expect(call!.error).toBeInstanceOf(QueueTimeoutError);
  });

  it('is not late where it began in time, and this thread was too busy to hear of it', async () => {
    const { pool, engine, clock } = await aheadPool();
    const calls = await submit(pool, 3, { queueTimeoutMs: 3 });
    engine.workers[0]!.endUnheard(3);
    await clock.advance(3);
    expect(calls.map((call) => call.state)).toEqual(['resolved', 'resolved', 'resolved']);
  });
});

describe('a worker whose running task is cancelled or too late (P10)', () => {
  it('gives back what waits behind it, which another one does', async () => {
    const { pool, engine, clock } = await aheadPool({ size: { min: 1, max: 2 }, abortGraceMs: 1_000 });
    const controller = new AbortController();
    await submit(pool, 1, { signal: controller.signal });
    const behind = await submit(pool, 3);
    const [haunted] = engine.workers;
    expect(haunted!.claims.size).toBe(4);
    controller.abort();
    expect(idsOf(haunted!.claims.keys())).toEqual([2]);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 3, busy: 0 });
    await pool.resize(2);
    const [, other] = engine.workers;
    expect(idsOf(other!.claims.keys())).toEqual([3, 4, 5]);
    other!.endUnheard(3);
    other!.poll();
    await clock.advance(2_000);
    expect(behind.every((call) => call.state === 'resolved')).toBe(true);
    expect(haunted!.isGone).toBe(true);
  });

  it('gets it again when the task has ended after all', async () => {
    const { pool, engine } = await aheadPool();
    const controller = new AbortController();
    await submit(pool, 1, { signal: controller.signal });
    await submit(pool, 3);
    controller.abort();
    const [worker] = engine.workers;
    worker!.end(new Error('aborted'), false);
    await settleMicrotasks();
    expect(idsOf(worker!.claims.keys())).toEqual([3, 4, 5]);
  });

  it('gets nothing ahead meanwhile', async () => {
    const { pool, engine, clock } = await aheadPool({ taskTimeoutMs: 100 });
    const [late] = await submit(pool, 1);
    await clock.advance(100);
    expect(late!.error).toBeInstanceOf(TaskTimeoutError);
    await submit(pool, 3);
    expect(engine.workers[0]!.claims.size).toBe(1);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 3, counters: { failed: 1 } });
  });

  it('was in time where the result has come in and was not read yet', async () => {
    const { pool, engine, clock } = await aheadPool({ taskTimeoutMs: 100 });
    const calls = await submit(pool, 1);
    engine.workers[0]!.endUnheard(1);
    await clock.advance(100);
    expect(calls[0]!.state).toBe('resolved');
  });
});
