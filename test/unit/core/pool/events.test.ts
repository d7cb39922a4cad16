import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PoolEventMap, PoolEventName } from '../../../../lib/core/contract/events.js';
import type { Pool } from '../../../../lib/core/contract/pool.js';
import { fakePool, submit } from '../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../support/virtual-clock.js';
import { watch } from '../../../support/watch.js';

const ALL: readonly PoolEventName[] = [
  'submitted',
  'started',
  'completed',
  'failed',
  'cancelled',
  'dropped',
  'resized',
  'workerStarted',
  'workerExited',
  'paused',
  'resumed',
  'drained',
  'closed',
];

function record(pool: Pool): [PoolEventName, unknown][] {
  const log: [PoolEventName, unknown][] = [];
  for (const event of ALL) pool.on(event, (payload: PoolEventMap[typeof event]) => log.push([event, payload]));
  return log;
}

afterEach(() => vi.restoreAllMocks());

describe('events', () => {
  it('tell the life of a task with its times', async () => {
    const { pool, engine, clock } = await fakePool();
    await submit(pool, 1);
    const log = record(pool);
    await submit(pool, 1);
    await clock.advance(30);
    engine.workers[0]!.end();
    await clock.advance(70);
    engine.workers[0]!.end();
    expect(log).toEqual([
      ['submitted', { id: 2, task: 'work' }],
      ['completed', { id: 1, task: 'work', workerId: 1, serviceMs: 30 }],
      ['started', { id: 2, task: 'work', workerId: 1, waitMs: 30 }],
      ['completed', { id: 2, task: 'work', workerId: 1, serviceMs: 70 }],
    ]);
  });

  it('tell failures and cancellations with what the caller gets', async () => {
    const { pool, engine } = await fakePool();
    const log = record(pool);
    const controller = new AbortController();
    await submit(pool, 1);
    const error = new Error('no');
    engine.workers[0]!.end(error, false);
    await submit(pool, 1, { signal: controller.signal });
    controller.abort('enough');
    expect(log.filter(([event]) => event === 'failed' || event === 'cancelled')).toEqual([
      ['failed', { id: 1, task: 'work', error, serviceMs: 0 }],
      ['cancelled', { id: 2, task: 'work', reason: 'enough' }],
    ]);
  });

  it('tell the life of the pool', async () => {
    const { pool, clock } = await fakePool({}, { bootMs: 20 });
    const log = record(pool);
    await clock.advance(20);
    void pool.resize(2, { reason: 'by hand' });
    await clock.advance(20);
    pool.pause();
    pool.resume();
    await pool.drain();
    await pool.close();
    expect(log).toEqual([
      ['workerStarted', { workerId: 1, threadId: 1_001, bootMs: 20 }],
      ['resized', { from: 1, to: 2, reason: 'by hand' }],
      ['workerStarted', { workerId: 2, threadId: 1_002, bootMs: 20 }],
      ['paused', {}],
      ['resumed', {}],
      ['drained', {}],
      ['workerExited', { workerId: 1, reason: 'closed' }],
      ['workerExited', { workerId: 2, reason: 'closed' }],
      ['closed', {}],
    ]);
  });

  it('tell no start of a worker that is already on its way out', async () => {
    const { pool } = await fakePool();
    const log = record(pool);
    void pool.resize(3);
    await pool.resize(1);
    expect(log.map(([event]) => event)).toEqual(['resized', 'resized', 'workerExited', 'workerExited']);
  });

  it('stop with off(), which forgives an unknown listener', async () => {
    const { pool } = await fakePool();
    const heard: number[] = [];
    const listener = ({ id }: { id: number }) => void heard.push(id);
    pool.on('submitted', listener).on('submitted', listener);
    await submit(pool, 1);
    pool.off('submitted', listener).off('submitted', listener);
    pool.off('closed', () => {});
    await submit(pool, 1);
    expect(heard).toEqual([1]);
  });

  it('with a listener that throws harm neither the pool nor the other listeners', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const { pool, engine, clock } = await fakePool();
    let heard = 0;
    for (const event of ALL) {
      pool.on(event, () => {
        throw new Error('broken listener');
      });
      pool.on(event, () => heard++);
    }
    const [call] = await submit(pool, 1);
    engine.workers[0]!.end('done');
    await pool.resize(2);
    await pool.close();
    expect(call!.value).toBe('done');
    expect(heard).toBe(8);
    expect(warn).toHaveBeenCalledTimes(8);
    expect(warn.mock.calls[0]![0]).toContain(`pool 'fake': a listener of 'submitted' threw: Error: broken listener`);
    expect(clock.scheduled).toBe(0);
  });

  it('may be answered by calls into the pool', async () => {
    const { pool, engine, clock } = await fakePool({ size: { min: 1, max: 3, initial: 2 } });
    const further: ReturnType<typeof watch>[] = [];
    pool.on('completed', ({ id }) => {
      if (id === 1) further.push(watch(pool.run('work')), watch(pool.resize(3)));
      if (id === 2) further.push(watch(pool.resize(1)));
      if (id === 3) further.push(watch(pool.close()));
    });
    pool.on('submitted', ({ id }) => {
      if (id === 1) pool.snapshot();
    });
    const calls = await submit(pool, 2);
    for (let round = 0; round < 3; round++) {
      engine.running[0]!.end(round);
      await settleMicrotasks();
    }
    expect(calls.map((call) => call.state)).toEqual(['resolved', 'resolved']);
    expect(further.map((call) => call.state)).toEqual(['resolved', 'resolved', 'resolved', 'resolved']);
    expect(engine.alive).toHaveLength(0);
    expect(clock.scheduled).toBe(0);
  });

  it('may cancel the very call that they tell of', async () => {
    const { pool } = await fakePool();
    for (const event of ['submitted', 'started'] as const) {
      const controller = new AbortController();
      const cancel = () => controller.abort('on second thought');
      pool.on(event, cancel);
      const [call] = await submit(pool, 1, { signal: controller.signal });
      pool.off(event, cancel);
      expect(call!.error).toBe('on second thought');
    }
    expect(pool.snapshot().counters).toMatchObject({ submitted: 2, cancelled: 2 });
  });
});
