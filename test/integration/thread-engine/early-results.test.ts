import { describe, expect, it } from 'vitest';
import { watch } from '../../support/watch.js';
import { batchPool, learn, range, sent } from './batch-pool.js';

const HOLDER = 999;

describe('a result does not wait for the task behind it', () => {
  it.each([
    ['a number', 'number', 'hold'],
    ['a string', 'text', 'hold'],
    ['an object', 'object', 'hold'],
    ['an awaited value', 'later', 'hold'],
    ['a number, before a task that awaits', 'number', 'wait'],
    ['an object, before a task that awaits', 'object', 'wait'],
  ])('%s', async (_, task, long) => {
    const { pool, marks } = await batchPool();
    // In one turn, so that they are in one batch: the last one goes on until this test has all the others' results.
    const calls = range(0, 20).map((id) => pool.run(task, [id]));
    const holder = watch(pool.run(long, [HOLDER]));
    await Promise.all(calls);
    // Else this would show nothing.
    await marks.hasBegun(HOLDER);
    expect(holder.state).toBe('pending');
    expect(marks.ended(HOLDER)).toBe(0);
    marks.release(HOLDER);
    expect(await pool.run('number', [1])).toBe(1);
    expect(holder).toMatchObject({ state: 'resolved', value: HOLDER });
  });

  it('nor does an error', async () => {
    const { pool, marks } = await batchPool();
    await learn(pool, ['failing']);
    const calls = range(0, 20).map((id) => pool.run('failing', [id]));
    const holder = watch(pool.run('hold', [HOLDER]));
    const results = await Promise.allSettled(calls);
    expect(results.map((result) => result.status === 'rejected' && (result.reason as Error).message)).toEqual(
      range(0, 20).map((id) => `task ${id}`),
    );
    await marks.hasBegun(HOLDER);
    expect(holder.state).toBe('pending');
    marks.release(HOLDER);
    expect(await pool.run('number', [1])).toBe(1);
  });

  it.each(['hold', 'wait'])(
    'nor a short task for the long one before it, where another worker is free: %s',
    async (long) => {
      const { pool, marks } = await batchPool({ size: { min: 2, max: 2 } });
      const holder = watch(pool.run(long, [HOLDER]));
      const calls = range(0, 50).map((id) => pool.run('number', [id]));
      expect(await Promise.all(calls)).toEqual(range(0, 50));
      expect(holder.state).toBe('pending');
      marks.release(HOLDER);
    },
  );

  it('nor where another worker joins', async () => {
    const { pool, marks } = await batchPool({ size: { min: 1, max: 2 } });
    const holder = watch(pool.run('hold', [HOLDER]));
    const calls = range(0, 50).map((id) => pool.run('number', [id]));
    await sent();
    void pool.resize(2);
    expect(await Promise.all(calls)).toEqual(range(0, 50));
    expect(holder.state).toBe('pending');
    expect(marks.begunOf(range(0, 50))).toEqual(range(0, 50).map(() => 1));
    marks.release(HOLDER);
  });
});
