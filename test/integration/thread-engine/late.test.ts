import { describe, expect, it } from 'vitest';
import { createPool, PoolConfigError } from '../../../lib/entries/core.js';
import { threadPool } from './thread-pool.js';

describe('threads while the main thread is busy', () => {
  it('a result that came in time is no time-out, however late the main thread looks', async () => {
    const pool = threadPool('basics');
    await pool.ready();
    const call = pool.run('spin', [5], { timeoutMs: 60 });
    const until = performance.now() + 150;
    while (performance.now() < until);
    await expect(call).resolves.toBeUndefined();
  });

  it('tasks that wait inside an interleaving worker are queued, not running', async () => {
    const pool = threadPool('basics', { size: { max: 1 }, worker: { concurrency: 4 } });
    await pool.ready();
    // Each would be over its deadline if it ran from when it was sent.
    const calls = Array.from({ length: 4 }, () => pool.run('spin', [60], { timeoutMs: 150 }));
    await Promise.all(calls);
    expect(pool.snapshot().wait.max).toBeGreaterThan(100);
  });

  it.each([
    'file://elsewhere/tasks.js',
    'file:///a%2Fb.js',
    `./${'x'.repeat(5_000)}.js`,
    './tasks\0.js',
    './package.json/x.js',
  ])('a file that cannot be is a PoolConfigError with the name of the pool: %#', (tasks) => {
    const make = () => createPool({ name: 'odd', tasks });
    expect(make).toThrow(PoolConfigError);
    expect(make).toThrow(/pool 'odd'/);
  });
});
