import { describe, expect, it } from 'vitest';
import { QueueTimeoutError, TaskTimeoutError } from '../../../../lib/core/errors.js';
import { fakePool, submit } from '../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../support/virtual-clock.js';
import { rejectionOf, watch } from '../../../support/watch.js';

describe('cancellation (P10)', () => {
  it('of a signal that was aborted before rejects with its reason and submits nothing', async () => {
    const { pool, engine } = await fakePool();
    const reason = new Error('gone');
    expect(await rejectionOf(pool.run('work', [], { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(await rejectionOf(pool.run('work', [AbortSignal.abort(reason)]))).toBe(reason);
    expect(engine.running).toHaveLength(0);
    expect(pool.snapshot().counters).toMatchObject({ submitted: 0, cancelled: 0 });
  });

  it('before the start frees the place in the queue', async () => {
    const { pool, engine } = await fakePool({ queue: { capacity: 1 } });
    const controller = new AbortController();
    const [running] = await submit(pool, 1);
    const [waiting] = await submit(pool, 1, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await settleMicrotasks();
    expect(waiting!.error).toEqual(new Error('enough'));
    expect(pool.snapshot()).toMatchObject({ queueDepth: 0, counters: { cancelled: 1 } });
    const [next] = await submit(pool, 1);
    expect(next!.state).toBe('pending');
    engine.workers[0]!.end();
    engine.workers[0]!.end();
    await settleMicrotasks();
    expect([running!.state, next!.state]).toEqual(['resolved', 'resolved']);
  });

  it('of any signal among the arguments counts as well', async () => {
    const { pool } = await fakePool();
    const controller = new AbortController();
    const call = watch(pool.run('work', [1, controller.signal]));
    await settleMicrotasks();
    controller.abort();
    await settleMicrotasks();
    expect(call.error).toBe(controller.signal.reason);
  });

  it('while it runs answers the caller at once, aborts the task and waits for its end', async () => {
    const { pool, engine, clock } = await fakePool();
    const controller = new AbortController();
    const [call] = await submit(pool, 1, { signal: controller.signal });
    const [waiting] = await submit(pool, 1);
    const [task] = engine.workers[0]!.started;
    controller.abort('enough');
    await settleMicrotasks();
    expect(call!.error).toBe('enough');
    expect(engine.workers[0]!.aborts.get(task!)).toBe('enough');
    expect(pool.snapshot()).toMatchObject({ busy: 0, idle: 1, queueDepth: 1, workers: [{ state: 'aborting' }] });
    engine.workers[0]!.end(new Error('aborted'), false);
    await settleMicrotasks();
    expect(pool.snapshot()).toMatchObject({ busy: 1, queueDepth: 0 });
    engine.workers[0]!.end('served');
    await clock.advance(10_000);
    expect(waiting!.value).toBe('served');
    expect(engine.workers).toHaveLength(1);
    expect(pool.snapshot().counters).toMatchObject({ submitted: 2, completed: 1, cancelled: 1, failed: 0 });
  });

  it('that the task ignores costs its thread after the grace, and a fresh one serves what waits', async () => {
    const { pool, engine, clock } = await fakePool({ abortGraceMs: 300 });
    const exits: string[] = [];
    pool.on('workerExited', ({ reason }) => exits.push(reason));
    const controller = new AbortController();
    await submit(pool, 1, { signal: controller.signal });
    const [waiting] = await submit(pool, 1);
    controller.abort();
    await clock.advance(299);
    expect(engine.workers[0]!.isGone).toBe(false);
    await clock.advance(1);
    expect(engine.workers[0]!.isGone).toBe(true);
    expect(exits).toEqual(['aborted']);
    engine.workers[1]!.end('served');
    await settleMicrotasks();
    expect(waiting!.value).toBe('served');
    expect(pool.snapshot().counters.crashes).toBe(0);
  });

  it('that ends while its thread is being terminated hands that thread no further task', async () => {
    const { pool, engine, clock } = await fakePool({ abortGraceMs: 300 }, { exitMs: 50 });
    const controller = new AbortController();
    await submit(pool, 1, { signal: controller.signal });
    const [waiting] = await submit(pool, 1);
    controller.abort();
    await clock.advance(320);
    engine.workers[0]!.end(new Error('late'), false);
    await clock.advance(30);
    engine.workers[1]!.end('served');
    await settleMicrotasks();
    expect(waiting!.value).toBe('served');
    expect(engine.offences).toEqual([]);
  });

  it('of a task that was sent and not started takes it back, and the slot serves the next', async () => {
    const { pool, engine } = await fakePool({}, { beginAtOnce: false });
    const controller = new AbortController();
    const [sent] = await submit(pool, 1, { signal: controller.signal });
    const [next] = await submit(pool, 1);
    controller.abort('enough');
    await settleMicrotasks();
    expect(sent!.error).toBe('enough');
    engine.workers[0]!.begin();
    engine.workers[0]!.end('served');
    await settleMicrotasks();
    expect(next!.value).toBe('served');
    expect(pool.snapshot()).toMatchObject({ queueDepth: 0, counters: { submitted: 2, cancelled: 1, completed: 1 } });
  });

  it('too late changes nothing', async () => {
    const { pool, engine } = await fakePool();
    const controller = new AbortController();
    const [call] = await submit(pool, 1, { signal: controller.signal });
    engine.workers[0]!.end('done');
    controller.abort();
    await settleMicrotasks();
    expect(call).toMatchObject({ state: 'resolved', value: 'done', settlements: 1 });
    expect(pool.snapshot().counters.cancelled).toBe(0);
  });

  it('of many calls by one signal warns of no leak and leaves no listener', async () => {
    const warnings: Error[] = [];
    const listener = (warning: Error) => warnings.push(warning);
    process.on('warning', listener);
    const { pool } = await fakePool();
    const controller = new AbortController();
    const calls = await submit(pool, 50, { signal: controller.signal });
    controller.abort();
    await new Promise(setImmediate);
    process.off('warning', listener);
    expect(calls.every((call) => call.settlements === 1)).toBe(true);
    expect(warnings).toEqual([]);
    expect(pool.snapshot().counters).toMatchObject({ submitted: 50, cancelled: 50 });
  });
});

describe('cancellation on a worker with several tasks', () => {
  const OPTIONS = { worker: { concurrency: 2 }, abortGraceMs: 300 };

  it('gives the innocent ones a second grace before the thread is terminated', async () => {
    const { pool, engine, clock } = await fakePool(OPTIONS);
    const controller = new AbortController();
    await submit(pool, 1, { signal: controller.signal });
    const [innocent] = await submit(pool, 1);
    controller.abort();
    await clock.advance(300);
    expect(engine.workers[0]!.isGone).toBe(false);
    expect(engine.workers).toHaveLength(2);
    engine.workers[0]!.end('just in time', true, engine.workers[0]!.started.slice(1));
    await settleMicrotasks();
    expect(innocent!.value).toBe('just in time');
    await clock.advance(300);
    expect(engine.workers[0]!.isGone).toBe(true);
    expect(engine.alive).toHaveLength(1);
  });

  it('fails those that do not make it with WorkerCrashedError', async () => {
    const { pool, engine, clock } = await fakePool(OPTIONS);
    const controller = new AbortController();
    await submit(pool, 1, { signal: controller.signal });
    const [innocent] = await submit(pool, 1);
    controller.abort();
    await clock.advance(600);
    expect(innocent!.error).toMatchObject({ code: 'WORKER_CRASHED', phase: 'started' });
    expect(engine.workers[0]!.isGone).toBe(true);
    expect(pool.snapshot().counters).toMatchObject({ submitted: 2, cancelled: 1, failed: 1, crashes: 0 });
  });

  it('by a listener, while another task of the worker ends, lists the worker as idle once', async () => {
    const size = { min: 1, max: 2, initial: 2 };
    const { pool, engine, clock } = await fakePool({ ...OPTIONS, size, idleExpiryMs: 500 }, { beginAtOnce: false });
    const controller = new AbortController();
    await submit(pool, 2);
    const worker = engine.workers[1]!;
    worker.begin();
    await submit(pool, 1, { signal: controller.signal });
    expect([...worker.claims.values()]).toEqual(['started', 'sent']);
    pool.on('completed', () => controller.abort());
    worker.end();
    await submit(pool, 1);
    expect([...worker.claims.values()]).toEqual(['sent']);
    await clock.advance(1_000);
    expect(pool.snapshot()).toMatchObject({ live: 2, busy: 2, draining: 0 });
  });

  it('lets the worker leave, as aborted, when all ends in the second grace', async () => {
    const { pool, engine, clock } = await fakePool(OPTIONS);
    const exits: string[] = [];
    pool.on('workerExited', ({ reason }) => exits.push(reason));
    const controller = new AbortController();
    await submit(pool, 1, { signal: controller.signal });
    await submit(pool, 1);
    controller.abort();
    await clock.advance(400);
    engine.workers[0]!.end();
    await settleMicrotasks();
    expect(engine.workers[0]!.isRetired).toBe(true);
    expect(exits).toEqual(['aborted']);
    await clock.advance(10_000);
    expect(engine.alive).toHaveLength(1);
  });
});

describe('deadlines', () => {
  it('of running: TaskTimeoutError, the task aborted, its thread replaced after the grace', async () => {
    const { pool, engine, clock } = await fakePool({ taskTimeoutMs: 1_000, abortGraceMs: 100 });
    const [call] = await submit(pool, 1);
    await clock.advance(999);
    expect(call!.state).toBe('pending');
    await clock.advance(1);
    expect(call!.error).toBeInstanceOf(TaskTimeoutError);
    expect(call!.error).toMatchObject({ code: 'TASK_TIMEOUT', statusCode: 504, pool: 'fake' });
    expect((call!.error as Error).message).toContain(`'work' ran longer than 1000 ms (timeoutMs)`);
    expect([...engine.workers[0]!.aborts.values()]).toEqual([call!.error]);
    await clock.advance(100);
    expect(engine.workers.map((worker) => worker.isGone)).toEqual([true, false]);
    expect(pool.snapshot().counters).toMatchObject({ failed: 1, cancelled: 0, crashes: 0 });
  });

  it('of running starts with the task, not with the call', async () => {
    const { pool, engine, clock } = await fakePool();
    await submit(pool, 1);
    const [call] = await submit(pool, 1, { timeoutMs: 100 });
    await clock.advance(500);
    expect(call!.state).toBe('pending');
    engine.workers[0]!.end();
    await clock.advance(99);
    expect(call!.state).toBe('pending');
    await clock.advance(1);
    expect(call!.error).toBeInstanceOf(TaskTimeoutError);
  });

  it('of waiting: QueueTimeoutError, and the place is free', async () => {
    const { pool, clock } = await fakePool({ queueTimeoutMs: 200, queue: { capacity: 1 } });
    await submit(pool, 1);
    const [call] = await submit(pool, 1);
    await clock.advance(199);
    expect(call!.state).toBe('pending');
    await clock.advance(1);
    expect(call!.error).toBeInstanceOf(QueueTimeoutError);
    expect(call!.error).toMatchObject({ code: 'QUEUE_TIMEOUT', statusCode: 503, pool: 'fake' });
    expect((call!.error as Error).message).toContain(`'work' waited 200 ms (queueTimeoutMs) for one of 1 workers`);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 0, counters: { failed: 1, cancelled: 0 } });
  });

  it('of waiting does not reach a task that has started', async () => {
    const { pool, engine, clock } = await fakePool({ queueTimeoutMs: 200 });
    const [call] = await submit(pool, 1);
    await clock.advance(5_000);
    engine.workers[0]!.end('slow');
    await settleMicrotasks();
    expect(call!.value).toBe('slow');
  });

  it('of waiting goes on for a task that a crash gave back', async () => {
    const { pool, engine, clock } = await fakePool({ queueTimeoutMs: 200 }, { beginAtOnce: false });
    const [call] = await submit(pool, 1);
    await clock.advance(150);
    engine.workers[0]!.crash();
    await clock.advance(49);
    expect(call!.state).toBe('pending');
    await clock.advance(1);
    expect(call!.error).toBeInstanceOf(QueueTimeoutError);
    engine.workers[1]!.begin();
    expect(engine.workers[1]!.started).toHaveLength(0);
  });

  it('of a call win over those of the pool', async () => {
    const { pool, clock } = await fakePool({ taskTimeoutMs: 1_000, queueTimeoutMs: 1_000 });
    const [running] = await submit(pool, 1, { timeoutMs: 50 });
    const [waiting] = await submit(pool, 1, { queueTimeoutMs: 20 });
    await clock.advance(20);
    expect(waiting!.state).toBe('rejected');
    await clock.advance(30);
    expect(running!.state).toBe('rejected');
  });

  it('leave no timer behind', async () => {
    const { pool, engine, clock } = await fakePool({ taskTimeoutMs: 1_000, queueTimeoutMs: 1_000 });
    await submit(pool, 3);
    for (let task = 0; task < 3; task++) engine.workers[0]!.end();
    await settleMicrotasks();
    expect(clock.scheduled).toBe(0);
  });
});
