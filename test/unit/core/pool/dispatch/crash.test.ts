import { describe, expect, it } from 'vitest';
import { aheadPool, idsOf, submit } from '../../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../../support/virtual-clock.js';

describe('a worker that dies with work ahead (P9, P12)', () => {
  it('costs what it had started, and the rest runs elsewhere, first and in order', async () => {
    const { pool, engine } = await aheadPool();
    const calls = await submit(pool, 4);
    const [later] = await submit(pool, 1);
    engine.workers[0]!.crash();
    await settleMicrotasks();
    expect(calls.map((call) => call.state)).toEqual(['rejected', 'pending', 'pending', 'pending']);
    expect(calls[0]!.error).toMatchObject({ code: 'WORKER_CRASHED', phase: 'started' });
    const [, next] = engine.workers;
    expect(idsOf(next!.claims.keys())).toEqual([3, 4, 5, 6]);
    next!.endUnheard(4);
    next!.poll();
    await settleMicrotasks();
    expect([...calls.slice(1), later!].every((call) => call.state === 'resolved')).toBe(true);
    expect(pool.snapshot().counters).toMatchObject({ submitted: 6, completed: 5, failed: 1, crashes: 1 });
  });

  it('says of each how far it came', async () => {
    const { pool, engine } = await aheadPool();
    const calls = await submit(pool, 4);
    const [worker] = engine.workers;
    const [done, started] = worker!.claims.keys();
    worker!.claims.set(done!, 'done');
    worker!.claims.set(started!, 'started');
    worker!.crash();
    await settleMicrotasks();
    expect(calls.map((call) => call.state)).toEqual(['rejected', 'rejected', 'pending', 'pending']);
    expect(calls.slice(0, 2).map((call) => call.error)).toMatchObject([{ phase: 'finished' }, { phase: 'started' }]);
    expect(pool.snapshot().counters.failed).toBe(2);
    expect(idsOf(engine.workers[1]!.claims.keys())).toEqual([4, 5]);
  });

  it('gives back even its first task where the thread had not begun it', async () => {
    const { pool, engine } = await aheadPool();
    const calls = await submit(pool, 3);
    const [worker] = engine.workers;
    const [first] = worker!.claims.keys();
    worker!.claims.set(first!, 'sent');
    worker!.crash();
    await settleMicrotasks();
    expect(calls.map((call) => call.state)).toEqual(['pending', 'pending', 'pending']);
    expect(idsOf(engine.workers[1]!.claims.keys())).toEqual([2, 3, 4]);
    expect(pool.snapshot()).toMatchObject({ queueDepth: 2, counters: { failed: 0, crashes: 1 } });
  });

  it('gives back what was on its way to it', async () => {
    const { pool, engine } = await aheadPool();
    const [worker] = engine.workers;
    let isFirst = true;
    pool.on('started', () => {
      if (isFirst) worker!.crash();
      isFirst = false;
    });
    const calls = await submit(pool, 3);
    await settleMicrotasks();
    expect(calls.map((call) => call.state)).toEqual(['rejected', 'pending', 'pending']);
    expect(idsOf(engine.workers[1]!.claims.keys())).toEqual([3, 4]);
  });

  it('leaves what comes back within the deadlines that it had', async () => {
    const { pool, engine, clock } = await aheadPool({ queueTimeoutMs: 300 });
    const calls = await submit(pool, 2);
    engine.bootError = new Error('cannot boot');
    engine.workers[0]!.crash();
    await clock.advance(299);
    expect(calls.map((call) => call.state)).toEqual(['rejected', 'pending']);
    await clock.advance(1);
    expect(calls[1]!.state).toBe('rejected');
  });
});
