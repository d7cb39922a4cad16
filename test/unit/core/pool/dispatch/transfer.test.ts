import { describe, expect, it } from 'vitest';
import { WorkerCrashedError } from '../../../../../lib/core/errors.js';
import type { RunOptions } from '../../../../../lib/core/contract/run-options.js';
import { aheadPool, idsOf, submit } from '../../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../../support/virtual-clock.js';

const TWO = { size: { min: 2, max: 2 } };

/** Moves something with the task, so that it can be sent once only. */
function moving(options: RunOptions = {}): RunOptions {
  return { transfer: [new ArrayBuffer(8)], ...options };
}

describe('a task with a transfer list', () => {
  it('is sent ahead behind three tasks, and not behind four', async () => {
    const { pool, engine } = await aheadPool();
    const [worker] = engine.workers;
    await submit(pool, 4, moving());
    expect(idsOf(worker!.claims.keys())).toEqual([2, 3, 4, 5]);
    await submit(pool, 1, moving());
    expect(worker!.claims.size).toBe(4);
    worker!.end();
    await settleMicrotasks();
    expect(idsOf(worker!.claims.keys())).toEqual([3, 4, 5, 6]);
  });

  it('lets others go ahead behind it', async () => {
    const { pool, engine } = await aheadPool();
    await submit(pool, 2, moving());
    await submit(pool, 3);
    expect(engine.workers[0]!.claims.size).toBe(5);
  });

  it.each<[string, RunOptions]>([
    ['a signal', { signal: new AbortController().signal }],
    ['a deadline', { timeoutMs: 5_000 }],
  ])('is not sent ahead behind a task that %s may cut short, and its thread with it', async (_, options) => {
    const { pool, engine } = await aheadPool();
    await submit(pool, 1, options);
    await submit(pool, 1, moving());
    expect(engine.workers[0]!.claims.size).toBe(1);
  });

  it('stays where it is while its worker is held up, and an idle one takes the others only', async () => {
    const { pool, engine, clock } = await aheadPool(TWO);
    await submit(pool, 4, moving());
    await submit(pool, 20);
    const [holder, idle] = engine.workers;
    const [, moved] = holder!.claims.keys();
    idle!.endUnheard(12, 0.1);
    idle!.poll();
    await settleMicrotasks();
    expect(idle!.claims.size).toBeGreaterThan(0);
    await clock.advance(5);
    expect([...holder!.claims.keys()].slice(1)).toEqual([moved]);
  });

  it('that was sent ahead and is cancelled never begins, and costs nobody else a thing', async () => {
    const { pool, engine, clock } = await aheadPool({ abortGraceMs: 100 });
    const controller = new AbortController();
    const [running] = await submit(pool, 1);
    const [cancelled] = await submit(pool, 1, moving({ signal: controller.signal }));
    const [behind] = await submit(pool, 1);
    const [worker] = engine.workers;
    controller.abort('enough');
    await settleMicrotasks();
    expect(cancelled!.error).toBe('enough');
    await clock.advance(1_000);
    expect(worker!.isGone).toBe(false);
    worker!.end();
    await settleMicrotasks();
    worker!.end();
    await settleMicrotasks();
    expect([running!.state, behind!.state]).toEqual(['resolved', 'resolved']);
    expect(pool.snapshot().counters).toMatchObject({ submitted: 4, completed: 3, cancelled: 1 });
  });

  it('is lost with its worker, and its caller is told why', async () => {
    const { pool, engine } = await aheadPool();
    await submit(pool, 1);
    const [lost] = await submit(pool, 1, moving());
    const [kept] = await submit(pool, 1);
    engine.workers[0]!.crash(134, new Error('heap'));
    await settleMicrotasks();
    expect(lost!.error).toBeInstanceOf(WorkerCrashedError);
    expect((lost!.error as Error).message).toBe(
      `pool 'fake': worker 1 exited before it began 'work', and the objects in the task's transfer list are gone with it. Call again with new ones.`,
    );
    expect(lost!.error).toMatchObject({ code: 'WORKER_CRASHED', exitCode: 134 });
    expect(kept!.state).toBe('pending');
    expect(idsOf(engine.workers[1]!.started)).toEqual([4]);
    expect(pool.snapshot().counters).toMatchObject({ failed: 2, crashes: 1 });
  });

  it('in the queue when a worker crashes is none the worse for it', async () => {
    const { pool, engine } = await aheadPool();
    await submit(pool, 3);
    const calls = await submit(pool, 2, moving());
    engine.workers[0]!.crash();
    await settleMicrotasks();
    expect(calls.map((call) => call.state)).toEqual(['rejected', 'pending']);
    for (let ended = 0; ended < 3; ended++) {
      engine.workers[1]!.end();
      await settleMicrotasks();
    }
    expect(calls[1]!.state).toBe('resolved');
  });

  it('counts as started when the pool is paused, since it cannot come back', async () => {
    const { pool, engine } = await aheadPool();
    const started: number[] = [];
    pool.on('started', ({ id }) => started.push(id));
    await submit(pool, 1);
    const [moved] = await submit(pool, 1, moving());
    await submit(pool, 1);
    pool.pause();
    expect(started).toEqual([2, 3]);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 1, busy: 1 });
    const [worker] = engine.workers;
    worker!.end();
    worker!.end();
    await settleMicrotasks();
    expect(moved!.state).toBe('resolved');
    expect(started).toEqual([2, 3]);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 1, busy: 0, counters: { submitted: 4, completed: 3 } });
  });

  it('then is passed over when it is cancelled', async () => {
    const { pool, engine } = await aheadPool();
    const controller = new AbortController();
    await submit(pool, 1);
    const [moved] = await submit(pool, 1, moving({ signal: controller.signal }));
    pool.pause();
    controller.abort('enough');
    await settleMicrotasks();
    expect(moved!.error).toBe('enough');
    const [worker] = engine.workers;
    worker!.end();
    await settleMicrotasks();
    expect(worker!.claims.size).toBe(0);
    pool.resume();
    const [next] = await submit(pool, 1);
    worker!.end('next');
    await settleMicrotasks();
    expect(next!.value).toBe('next');
    expect(engine.offences).toEqual([]);
  });
});
