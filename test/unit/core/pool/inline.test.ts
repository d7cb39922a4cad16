import { describe, expect, it } from 'vitest';
import type { PoolOptions } from '../../../../lib/core/contract/pool-options.js';
import { fakePool, learn, submit } from '../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../support/virtual-clock.js';
import { watch } from '../../../support/watch.js';

/** A pool that has seen 20 runs of `work`, and how long it takes on the calling thread. */
async function inlinePool(workerMs: number, hereMs = workerMs, options: Partial<PoolOptions> = {}) {
  const fake = await fakePool({ inlineBelowUs: 100, ...options }, { taskNames: ['work', 'other'] });
  for (let run = 0; run < 20; run++) await learn(fake, 'work', workerMs);
  fake.engine.here = ({ name }) => {
    fake.clock.compute(hereMs);
    return `here: ${name}`;
  };
  return fake;
}

type Fake = Awaited<ReturnType<typeof inlinePool>>;

/** Whether a call now runs inline. */
async function runsInline({ pool, engine }: Fake): Promise<boolean> {
  const call = watch(pool.run('work'));
  await settleMicrotasks();
  const ran = call.value === 'here: work';
  for (const worker of engine.running) worker.end('there', true, worker.started, 0.01);
  await settleMicrotasks();
  return ran;
}

describe('inlineBelowUs (P15)', () => {
  it('is off unless it is set', async () => {
    const fake = await fakePool();
    for (let run = 0; run < 30; run++) await learn(fake, 'work', 0.001);
    expect(await runsInline(fake)).toBe(false);
    expect(fake.pool.snapshot().tasks['work']!.inlined).toBe(0);
  });

  it('lets tasks run on the caller from 20 runs on that were shorter, and counts them', async () => {
    const fake = await fakePool({ inlineBelowUs: 100 });
    for (let run = 0; run < 20; run++) {
      expect(await runsInline(fake)).toBe(false);
    }
    expect(await runsInline(fake)).toBe(true);
    expect(fake.pool.snapshot()).toMatchObject({
      counters: { submitted: 21, completed: 21 },
      tasks: { work: { count: 21, inlined: 1 } },
    });
  });

  it('counts no run that failed among the 20', async () => {
    const fake = await fakePool({ inlineBelowUs: 100 });
    for (let run = 0; run < 19; run++) await learn(fake, 'work', 0.01);
    for (let run = 0; run < 5; run++) {
      void fake.pool.run('work').catch(() => undefined);
      fake.engine.running[0]!.end(new Error('no'), false);
      await settleMicrotasks();
    }
    expect(await runsInline(fake)).toBe(false);
    expect(await runsInline(fake)).toBe(true);
  });

  it.each([
    [0.099, true],
    [0.1, false],
    [5, false],
  ])('leaves a task of %f ms to the workers: not %s', async (workerMs, expected) => {
    expect(await runsInline(await inlinePool(workerMs, 0.01))).toBe(expected);
  });

  it('is by name', async () => {
    const fake = await inlinePool(0.01);
    const other = watch(fake.pool.run('other'));
    expect(fake.engine.running).toHaveLength(1);
    fake.engine.running[0]!.end('there');
    await settleMicrotasks();
    expect(other.value).toBe('there');
    expect(await runsInline(fake)).toBe(true);
  });

  it('goes back to the workers when tasks turn out to take longer, and returns when they do not', async () => {
    const fake = await inlinePool(0.01, 2);
    expect(await runsInline(fake)).toBe(true);
    expect(await runsInline(fake)).toBe(false);
    let runs = 0;
    while (!(await runsInline(fake))) expect(++runs).toBeLessThan(50);
    expect(runs).toBeGreaterThan(1);
  });

  it('takes at most 1 ms of a turn of the event loop, even of callers that wait for each result', async () => {
    const { pool, engine } = await inlinePool(0.09, 0.09);
    const results: unknown[] = [];
    const caller = (async () => {
      for (let call = 0; call < 13; call++) results.push(await pool.run('work'));
    })();
    for (let microtask = 0; microtask < 1_000; microtask++) await null;
    expect(results).toHaveLength(12);
    expect(engine.running).toHaveLength(1);
    engine.running[0]!.end('there');
    await caller;
    expect(results).toEqual([...Array<string>(12).fill('here: work'), 'there']);
  });

  it('begins anew in the next turn', async () => {
    const fake = await inlinePool(0.09, 0.6);
    const first = [1, 2, 3].map(() => watch(fake.pool.run('work')));
    await settleMicrotasks();
    expect(first.map((call) => call.value)).toEqual(['here: work', 'here: work', undefined]);
    for (const worker of fake.engine.running) worker.end('there', true, worker.started, 0.001);
    await settleMicrotasks();
    expect(fake.pool.snapshot().tasks['work']!.inlined).toBe(2);
  });

  it('is not while the pool is paused, when nothing may start', async () => {
    const fake = await inlinePool(0.01);
    fake.pool.pause();
    const [call] = await submit(fake.pool, 1);
    expect([call!.state, fake.pool.snapshot().queueDepth]).toEqual(['pending', 1]);
    fake.pool.resume();
    await settleMicrotasks();
    expect(fake.engine.running).toHaveLength(1);
  });

  it('needs no worker, and no place in the queue', async () => {
    const { pool, engine } = await inlinePool(0.01, 0.01, { size: { min: 1, max: 1 }, queue: { capacity: 1 } });
    void pool.run('other');
    void pool.run('other');
    const [call] = await submit(pool, 1);
    expect(call!.value).toBe('here: work');
    expect(pool.snapshot()).toMatchObject({ queueDepth: 1, busy: 1 });
    expect(engine.running).toHaveLength(1);
  });

  it('tells the same events as ever, with no worker', async () => {
    const { pool } = await inlinePool(0.01);
    const told: unknown[] = [];
    pool.on('submitted', ({ id }) => told.push(['submitted', id]));
    pool.on('started', ({ id, workerId }) => told.push(['started', id, workerId]));
    pool.on('completed', ({ id, workerId, serviceMs }) => told.push(['completed', id, workerId, serviceMs]));
    await submit(pool, 1);
    expect(told).toEqual([
      ['submitted', 21],
      ['started', 21, 0],
      ['completed', 21, 0, 0.01],
    ]);
  });

  it('counts exactly while an inline task awaits, fails, is cancelled or too late', async () => {
    const { pool, engine, clock } = await inlinePool(0.01);
    const gates: ((value: unknown) => void)[] = [];
    engine.here = () => new Promise((resolve) => gates.push(resolve));
    const controller = new AbortController();
    const calls = [
      watch(pool.run('work')),
      watch(pool.run('work', [], { signal: controller.signal })),
      watch(pool.run('work', [], { timeoutMs: 50 })),
    ];
    expect(pool.snapshot()).toMatchObject({ queueDepth: 0, busy: 0, counters: { submitted: 23, completed: 20 } });
    controller.abort('enough');
    await clock.advance(50);
    expect(calls.map((call) => call.state)).toEqual(['pending', 'rejected', 'rejected']);
    expect(calls[1]!.error).toBe('enough');
    expect(calls[2]!.error).toMatchObject({ code: 'TASK_TIMEOUT' });
    engine.here = () => {
      throw new Error('no');
    };
    const [failed] = await submit(pool, 1);
    expect(failed!.error).toEqual(new Error('no'));
    for (const open of gates) open('late or not');
    await settleMicrotasks();
    expect(calls[0]!.value).toBe('late or not');
    expect(calls.map((call) => call.settlements)).toEqual([1, 1, 1]);
    expect(pool.snapshot()).toMatchObject({
      queueDepth: 0,
      counters: { submitted: 24, completed: 21, failed: 2, cancelled: 1, dropped: 0 },
    });
    expect(clock.scheduled).toBe(0);
  });

  it('a close waits for what runs inline, up to its deadline', async () => {
    const { pool, engine, clock } = await inlinePool(0.01);
    engine.here = () => new Promise(() => {});
    const call = watch(pool.run('work'));
    const closed = watch(pool.close({ timeoutMs: 100 }));
    await clock.advance(99);
    expect([call.state, closed.state]).toEqual(['pending', 'pending']);
    await clock.advance(1);
    expect(call.error).toMatchObject({ code: 'POOL_CLOSED' });
    expect(closed.state).toBe('resolved');
  });
});
