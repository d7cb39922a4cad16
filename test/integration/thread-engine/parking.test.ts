import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { createPool, PoolConfigError, type Pool } from '../../../lib/entries/core.js';
import { livingThreads } from '../../support/living-threads.js';
import { rejectionOf } from '../../support/watch.js';
import { batchPool, range } from './batch-pool.js';
import { flag } from './flag.js';
import { threadPool } from './thread-pool.js';

const PARKING = { size: { max: 1 }, worker: { parking: true } };

/** A thread that is parked does not wait in its event loop, and so counts as busy. */
function utilization(pool: Pool): number {
  return pool.snapshot().workers[0]!.elu;
}

/** Calls a task every millisecond or so, until a condition holds. */
async function callUntil(isMet: () => Promise<boolean> | boolean, call: () => Promise<unknown>): Promise<void> {
  for (const end = Date.now() + 10_000; !(await isMet()); await delay(1)) {
    if (Date.now() > end) throw new Error('what was waited for did not come within 10 s');
    await call();
  }
}

describe('a worker that parks (P1)', () => {
  it('really does between tasks, no longer once there are none, and again as they come', async () => {
    const pool = threadPool('basics', PARKING);
    for (let round = 0; round < 2; round++) {
      await callUntil(
        () => utilization(pool) > 0.8,
        () => pool.run('add', [1, 2]),
      );
      await vi.waitFor(() => expect(utilization(pool)).toBeLessThan(0.2), { timeout: 10_000, interval: 20 });
    }
    expect(await pool.run('add', [1, 2])).toBe(3);
  });

  it('does as others do: in batches, with objects, with errors, in order', async () => {
    const { pool, marks } = await batchPool(PARKING);
    for (let round = 0; round < 5; round++) {
      const ids = range(round * 100, 100);
      const order: number[] = [];
      const calls = ids.map(async (id) => {
        const result = await (id % 3 === 0 ? pool.run('given', [id, { id }]) : pool.run('number', [id]));
        order.push(id);
        return result;
      });
      expect(await Promise.all(calls)).toEqual(ids.map((id) => (id % 3 === 0 ? { id } : id)));
      expect(order).toEqual(ids);
      expect(marks.begunOf(ids)).toEqual(ids.map(() => 1));
      expect(await rejectionOf(pool.run('failing', [round]))).toMatchObject({ name: 'RangeError' });
    }
  });

  it.each([1, 5, 20])('answers one call after the other, %i ms apart', async (ms) => {
    const pool = threadPool('basics', PARKING);
    for (let i = 0; i < 10; i++) {
      expect(await pool.run('add', [i, 1])).toBe(i + 1);
      await delay(ms);
    }
  });

  it('still fires its timers, while short tasks never cease', async () => {
    const pool = threadPool('background', PARKING);
    await pool.run('startInterval', [1]);
    await callUntil(
      async () => (await pool.run<number>('timersFired')) > 10,
      () => pool.run('spinAndTell', [10]),
    );
  });

  it('still awaits', async () => {
    const pool = threadPool('basics', PARKING);
    const calls = [pool.run('add', [1, 1]), pool.run('sleep', [5]), pool.run('add', [2, 2]), pool.run('sleep', [1])];
    expect(await Promise.all(calls)).toEqual([2, 'slept', 4, 'slept']);
  });

  it('still hears of an abort, in a loop and while it awaits', async () => {
    const pool = threadPool('control', { ...PARKING, abortGraceMs: 60_000 });
    for (const task of ['loopUntilAborted', 'waitUntilAborted']) {
      const controller = new AbortController();
      const { memory, isUp } = flag();
      const call = rejectionOf(pool.run(task, [memory, controller.signal]));
      await isUp();
      controller.abort(new Error('7'));
      expect(await call).toMatchObject({ message: '7' });
      expect(await pool.run('isAborted', [new AbortController().signal])).toBe(false);
    }
    expect(pool.snapshot().counters).toMatchObject({ cancelled: 2, crashes: 0 });
  });

  it.each([
    ['closes', {}],
    ['is terminated', { force: true }],
  ])(
    '%s while it is parked',
    async (_, options) => {
      const pool = threadPool('basics', PARKING);
      await callUntil(
        () => utilization(pool) > 0.8,
        () => pool.run('add', [1, 2]),
      );
      const exited = vi.fn<(exit: object) => void>();
      pool.on('workerExited', exited);
      await pool.run('add', [1, 2]);
      // Tear-down that hangs would take ten seconds, and this test would not.
      await pool.close(options);
      expect(exited.mock.calls).toEqual([[{ workerId: 1, reason: 'closed' }]]);
      expect(livingThreads.size).toBe(0);
    },
    8_000,
  );

  it('is replaced when it dies', async () => {
    const { pool } = await batchPool(PARKING);
    const calls = range(0, 20).map((id) => pool.run('number', [id]));
    const error = rejectionOf(pool.run('exit', [900]));
    const behind = range(20, 20).map((id) => pool.run('number', [id]));
    expect(await error).toMatchObject({ exitCode: 7, phase: 'started' });
    expect(await Promise.all([...calls, ...behind])).toEqual(range(0, 40));
  });
});

describe('parking is refused', () => {
  const tasks = new URL('../../fixtures/tasks/basics.js', import.meta.url);

  it('where tasks interleave', () => {
    const make = () => createPool({ name: 'park', tasks, worker: { parking: true, concurrency: 2 } });
    expect(make).toThrow(PoolConfigError);
    expect(make).toThrow(/pool 'park': worker\.parking is true.*concurrency 2/s);
    expect(livingThreads.size).toBe(0);
  });

  it("for kind 'async', which has no threads", () => {
    const make = () =>
      createPool({ name: 'park', kind: 'async', size: { max: 1 }, tasks: {}, worker: { parking: true } });
    expect(make).toThrow(/pool 'park': worker\.parking is true.*'async'/s);
  });

  it('where it is neither true nor false', () => {
    const make = () => createPool({ name: 'park', tasks, worker: { parking: 'yes' as unknown as boolean } });
    expect(make).toThrow(/worker\.parking is "yes"/);
  });
});
