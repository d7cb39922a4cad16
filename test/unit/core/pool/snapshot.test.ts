import { describe, expect, it } from 'vitest';
import { fakePool, submit } from '../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../support/virtual-clock.js';

function expectDeeplyFrozen(value: unknown, path = 'snapshot'): void {
  if (typeof value !== 'object' || value === null) return;
  expect(Object.isFrozen(value), path).toBe(true);
  for (const [key, part] of Object.entries(value)) expectDeeplyFrozen(part, `${path}.${key}`);
}

describe('the snapshot', () => {
  it('is frozen all the way down', async () => {
    const { pool, engine } = await fakePool({ size: { min: 2, max: 4 } });
    void pool.pin(3, { owner: 'ann' });
    await submit(pool, 5);
    engine.running[0]!.end();
    await settleMicrotasks();
    const snapshot = pool.snapshot();
    expect(snapshot.override).not.toBeNull();
    expect(Object.keys(snapshot.tasks)).toEqual(['work']);
    expectDeeplyFrozen(snapshot);
  });

  it('tells a moment, not the present', async () => {
    const { pool } = await fakePool();
    const before = pool.snapshot();
    await submit(pool, 1);
    expect(before).toMatchObject({ busy: 0, counters: { submitted: 0 } });
  });

  it('has every field of the contract on a fresh pool', async () => {
    const { pool } = await fakePool({ size: { min: 1, max: 4, initial: 2 } });
    expect(pool.snapshot()).toEqual({
      name: 'fake',
      kind: 'threads',
      state: 'open',
      min: 1,
      max: 4,
      target: 2,
      size: 2,
      starting: 0,
      live: 2,
      busy: 0,
      idle: 2,
      draining: 0,
      spares: 0,
      queueDepth: 0,
      queueCapacity: 10_000,
      queuedForMs: 0,
      noneEndedForMs: 0,
      concurrency: 1,
      utilization: 0,
      override: null,
      counters: {
        submitted: 0,
        completed: 0,
        failed: 0,
        cancelled: 0,
        dropped: 0,
        refused: 0,
        retried: 0,
        crashes: 0,
        resizes: { up: 0, down: 0 },
      },
      wait: { mean: 0, p50: 0, p99: 0, max: 0, oldest: 0 },
      service: { mean: 0, p50: 0, p99: 0, max: 0 },
      load: { started: 0, late: 0, served: 0, serviceMs: 0, serviceMsSquared: 0 },
      tasks: {},
      workers: [1, 2].map((id) => ({
        id,
        threadId: 1_000 + id,
        state: 'idle',
        task: null,
        ageMs: 0,
        heapMb: 0,
        elu: 0,
        loopDelayMs: 0,
      })),
    });
  });

  it('counts words as the contract defines them: size = starting + live, live with those draining, idle = live - busy', async () => {
    const { pool, engine, clock } = await fakePool({ size: { min: 1, max: 4, initial: 3 } }, { bootMs: 50 });
    expect(pool.snapshot()).toMatchObject({ size: 3, starting: 3, live: 0, idle: 0, utilization: 0 });
    await clock.advance(50);
    await submit(pool, 2);
    expect(pool.snapshot()).toMatchObject({ size: 3, starting: 0, live: 3, busy: 2, idle: 1, utilization: 2 / 3 });
    void pool.resize(4);
    expect(pool.snapshot()).toMatchObject({ size: 4, starting: 1, live: 3, busy: 2, idle: 1 });
    void pool.resize(1);
    await settleMicrotasks();
    expect(pool.snapshot()).toMatchObject({ size: 2, starting: 0, live: 2, busy: 2, idle: 0, draining: 1 });
    expect(
      pool
        .snapshot()
        .workers.map((worker) => worker.state)
        .sort(),
    ).toEqual(['busy', 'draining']);
    engine.running[0]!.end();
    await settleMicrotasks();
    expect(pool.snapshot()).toMatchObject({ size: 1, live: 1, busy: 1, draining: 0 });
  });

  it('tells how long tasks waited and ran, and how long the oldest has waited', async () => {
    const { pool, engine, clock } = await fakePool();
    await submit(pool, 2);
    await clock.advance(400);
    expect(pool.snapshot().wait.oldest).toBe(400);
    engine.workers[0]!.end();
    await clock.advance(100);
    engine.workers[0]!.end();
    const { wait, service, tasks } = pool.snapshot();
    expect(wait).toMatchObject({ mean: 200, max: 400, oldest: 0 });
    expect(service).toMatchObject({ mean: 250, max: 400 });
    expect(tasks).toMatchObject({ work: { count: 2, failed: 0, worthOffloading: null } });
    await clock.advance(20_000);
    expect(pool.snapshot().service).toEqual({ mean: 0, p50: 0, p99: 0, max: 0 });
  });

  it('samples one task of every n where asked to, and keeps histograms of all (O1)', async () => {
    const { pool, engine, clock } = await fakePool({ stats: { sampleEvery: 2 } });
    for (const ms of [100, 300, 100, 300]) {
      await submit(pool, 1);
      await clock.advance(ms);
      engine.workers[0]!.end();
    }
    expect(pool.snapshot().service).toMatchObject({ mean: 300, max: 300 });
    expect(pool.snapshot().counters.completed).toBe(4);
    const { wait, service } = pool.histograms();
    const upTo = (ms: number) => service.counts[service.boundsMs.indexOf(ms)];
    expect([upTo(50), upTo(100), upTo(250), upTo(500), service.count, service.sumMs]).toEqual([0, 2, 2, 4, 4, 800]);
    expect([wait.counts[0], wait.count, wait.sumMs]).toEqual([4, 4, 0]);
  });

  it('keeps apart what each task costs, failures included', async () => {
    const { pool, engine } = await fakePool({}, { taskNames: ['__proto__', 'work'] });
    void pool.run('__proto__').catch(() => {});
    await settleMicrotasks();
    engine.workers[0]!.end(new Error('no'), false);
    await submit(pool, 1);
    engine.workers[0]!.end();
    const { tasks } = pool.snapshot();
    expect(Object.keys(tasks).sort()).toEqual(['__proto__', 'work']);
    expect(tasks['__proto__']).toMatchObject({ count: 1, failed: 1 });
    expect(tasks['work']).toMatchObject({ count: 1, failed: 0 });
  });

  it('says after 20 runs whether a task is worth sending away', async () => {
    const { pool, engine } = await fakePool({}, { taskNames: ['heavy', 'light'] });
    for (let run = 0; run < 20; run++) {
      for (const [name, serviceMs] of [
        ['heavy', 10],
        ['light', 0.01],
      ] as const) {
        expect(pool.snapshot().tasks[name]?.worthOffloading ?? null).toBe(null);
        void pool.run(name);
        await settleMicrotasks();
        const [worker] = engine.workers;
        const [task] = worker!.started;
        worker!.claims.clear();
        worker!.sink.settled([
          { task: task!, ok: true, value: 1, timing: { serviceMs, cloneMs: 0.01, dispatchMs: 0.05 } },
        ]);
      }
    }
    const { heavy, light } = pool.snapshot().tasks;
    expect(heavy!.worthOffloading).toBe(true);
    expect(heavy!.serviceMs).toBeCloseTo(10);
    expect(light!.worthOffloading).toBe(false);
  });

  it('counts a cancelled task in no statistics of its own', async () => {
    const { pool, engine } = await fakePool();
    const controller = new AbortController();
    await submit(pool, 1, { signal: controller.signal });
    controller.abort();
    engine.workers[0]!.end(new Error('aborted'), false);
    await settleMicrotasks();
    expect(pool.snapshot().tasks).toEqual({});
  });
});

describe('counters (P12)', () => {
  it('each task ends in one of four ways, refused calls in none', async () => {
    const { pool, engine, clock } = await fakePool({ queue: { capacity: 3 } });
    const controller = new AbortController();
    await submit(pool, 1);
    engine.workers[0]!.end('completed');
    await submit(pool, 1);
    engine.workers[0]!.end(new Error('failed'), false);
    await submit(pool, 1, { signal: controller.signal });
    await submit(pool, 1, { queueTimeoutMs: 10 });
    await submit(pool, 2);
    await submit(pool, 1);
    controller.abort();
    await clock.advance(10);
    expect(pool.snapshot()).toMatchObject({
      queueDepth: 2,
      busy: 0,
      counters: { submitted: 6, completed: 1, failed: 2, cancelled: 1, dropped: 0, retried: 0 },
    });
  });

  it('tells for how long tasks have waited without a break, and for how long none has ended', async () => {
    const { pool, engine, clock } = await fakePool({ size: { min: 1, max: 1 } });
    const spans = () => [pool.snapshot().queuedForMs, pool.snapshot().noneEndedForMs];
    await clock.advance(10);
    expect(spans()).toEqual([0, 0]);
    await submit(pool, 1);
    await clock.advance(10);
    expect(spans()).toEqual([0, 10]);
    await submit(pool, 2);
    await clock.advance(5);
    expect(spans()).toEqual([5, 15]);
    await submit(pool, 1);
    expect(spans()).toEqual([5, 15]);
    engine.running[0]!.end();
    await settleMicrotasks();
    await clock.advance(5);
    expect(spans()).toEqual([10, 5]);
    for (let task = 0; task < 3; task++) engine.running[0]!.end();
    await settleMicrotasks();
    expect(spans()).toEqual([0, 0]);
  });

  it('a task that goes back to the queue waits from then on', async () => {
    const { pool, engine, clock } = await fakePool({ size: { min: 1, max: 1 } }, { bootMs: 50 });
    await clock.advance(50);
    await submit(pool, 1);
    await clock.advance(100);
    expect(pool.snapshot()).toMatchObject({ busy: 1, queuedForMs: 0, noneEndedForMs: 100 });
    const [worker] = engine.running;
    worker!.unbegin();
    worker!.crash();
    await clock.advance(20);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 1, queuedForMs: 20, noneEndedForMs: 120 });
    const next = engine.alive[0]!;
    await submit(pool, 1);
    await clock.advance(30);
    expect(pool.snapshot()).toMatchObject({ busy: 1, queueDepth: 1, queuedForMs: 50 });
    next.unbegin();
    next.crash();
    expect(pool.snapshot()).toMatchObject({ queueDepth: 2, queuedForMs: 50 });
  });
});
