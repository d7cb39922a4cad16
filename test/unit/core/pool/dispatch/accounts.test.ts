import { describe, expect, it } from 'vitest';
import type { PoolEventName } from '../../../../../lib/core/contract/events.js';
import type { LocalPool } from '../../../../../lib/core/pool/local-pool.js';
import { aheadPool, submit } from '../../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../../support/virtual-clock.js';

/** What is told of each task from now on. */
function storiesOf(pool: LocalPool): Map<number, string[]> {
  const stories = new Map<number, string[]>();
  for (const event of [
    'submitted',
    'started',
    'completed',
    'failed',
    'cancelled',
    'dropped',
  ] satisfies PoolEventName[]) {
    pool.on(event, ({ id }) => void stories.set(id, [...(stories.get(id) ?? []), event]));
  }
  return stories;
}

describe('what is told of tasks that were sent ahead (P12)', () => {
  it('is the same as of any other, each thing once and in order', async () => {
    const { pool, engine } = await aheadPool();
    const stories = storiesOf(pool);
    const controller = new AbortController();
    await submit(pool, 3);
    await submit(pool, 1, { signal: controller.signal });
    await submit(pool, 1);
    controller.abort();
    const [worker] = engine.workers;
    worker!.end('done');
    worker!.endUnheard(2);
    pool.pause();
    pool.resume();
    worker!.poll();
    worker!.end(new Error('no'), false);
    await settleMicrotasks();
    expect(Object.fromEntries(stories)).toEqual({
      2: ['submitted', 'started', 'completed'],
      3: ['submitted', 'started', 'completed'],
      4: ['submitted', 'started', 'completed'],
      5: ['submitted', 'cancelled'],
      6: ['submitted', 'started', 'failed'],
    });
  });

  it('says when each began, also of those that ended unheard', async () => {
    const { pool, engine, clock } = await aheadPool();
    const waits: number[] = [];
    const services: number[] = [];
    pool.on('started', ({ waitMs }) => waits.push(waitMs));
    pool.on('completed', ({ serviceMs }) => services.push(serviceMs));
    await submit(pool, 3);
    clock.compute(2);
    engine.workers[0]!.end();
    clock.compute(1);
    engine.workers[0]!.endUnheard(2);
    clock.compute(1);
    engine.workers[0]!.poll();
    expect(waits).toEqual([0, 2, 3]);
    expect(services).toEqual([2, 2, 1]);
    expect(pool.snapshot().wait).toMatchObject({ max: 3, oldest: 0 });
  });

  it('tells how long the oldest has waited, sent ahead or not', async () => {
    const { pool, engine, clock } = await aheadPool({}, { presend: 1 });
    await submit(pool, 1);
    clock.compute(1);
    await submit(pool, 2);
    clock.compute(1);
    expect(engine.workers[0]!.claims.size).toBe(2);
    expect(pool.snapshot().wait.oldest).toBe(1);
    engine.workers[0]!.endUnheard(2);
    engine.workers[0]!.poll();
    expect(pool.snapshot().wait.oldest).toBe(0);
  });

  it('adds up at every moment, for listeners too', async () => {
    const { pool, engine } = await aheadPool({ size: { min: 2, max: 2 } });
    const check = () => {
      const { counters, queueDepth } = pool.snapshot();
      const { submitted, completed, failed, cancelled, dropped } = counters;
      const running = submitted - completed - failed - cancelled - dropped - queueDepth;
      expect(running).toBeGreaterThanOrEqual(0);
      expect(running).toBeLessThanOrEqual(2);
    };
    for (const event of ['submitted', 'started', 'completed', 'failed', 'cancelled'] as const) pool.on(event, check);
    const controller = new AbortController();
    await submit(pool, 10);
    await submit(pool, 10, { signal: controller.signal });
    check();
    engine.workers[0]!.endUnheard(3);
    engine.workers[0]!.poll();
    check();
    controller.abort();
    check();
    for (let round = 0; round < 10; round++) {
      for (const worker of engine.running) worker.end(new Error('no'), false);
      check();
    }
    expect(pool.snapshot()).toMatchObject({ queueDepth: 0, busy: 0 });
  });

  it('learns nothing of how long tasks take from those that never ran', async () => {
    const { pool, engine } = await aheadPool();
    await submit(pool, 2);
    const [worker] = engine.workers;
    const [, sent] = worker!.claims.keys();
    worker!.claims.delete(sent!);
    const timing = { serviceMs: 0, cloneMs: 0, dispatchMs: 0 };
    worker!.sink.settled([{ task: sent!, ok: false, value: new Error('cannot be sent'), timing }]);
    await settleMicrotasks();
    const { tasks, service, counters } = pool.snapshot();
    expect(tasks['work']).toMatchObject({ count: 2, failed: 1 });
    expect(tasks['work']!.serviceMs).toBeCloseTo(0.1);
    expect(service.max).toBe(0);
    expect(counters).toMatchObject({ submitted: 3, completed: 1, failed: 1 });
  });
});
