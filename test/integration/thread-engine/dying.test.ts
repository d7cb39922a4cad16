import { describe, expect, it } from 'vitest';
import { PoolConfigError, WorkerCrashedError } from '../../../lib/entries/core.js';
import { rejectionOf } from '../../support/watch.js';
import { threadPool } from './thread-pool.js';

describe('a thread that dies in the middle of things (P9)', () => {
  it.each([
    ['an exception outside the task', 'throwAside', 'thrown aside'],
    ['a rejection that nobody handles', 'rejectAside', 'rejected aside'],
  ])('by %s fails the task that runs, with the cause', async (_, task, message) => {
    const pool = threadPool('crashes');
    const error = await rejectionOf<WorkerCrashedError>(pool.run(task));
    expect(error).toBeInstanceOf(WorkerCrashedError);
    expect(error).toMatchObject({ phase: 'started', cause: { message } });
    expect(error.message).toContain(`while it ran '${task}'. Cause: ${message}`);
    expect(await pool.run('ok')).toBe('ok');
  });

  it('by process.exit(0) fails its task all the same', async () => {
    const pool = threadPool('crashes');
    const error = await rejectionOf(pool.run('exit', [0]));
    expect(error).toMatchObject({ name: 'WorkerCrashedError', exitCode: 0, phase: 'started' });
    expect(pool.snapshot().counters.crashes).toBe(1);
  });

  it('costs one task, not those that wait behind it', async () => {
    const pool = threadPool('crashes', { size: { max: 1 } });
    const calls = ['ok', 'exit', 'ok', 'throwAside', 'ok'].map((task) => pool.run(task, [9]));
    const results = await Promise.allSettled(calls);
    expect(results.map((result) => result.status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(pool.snapshot().counters).toMatchObject({ submitted: 5, completed: 3, failed: 2, crashes: 2 });
  });

  it('is another thing than a stack overflow, which fails the task alone', async () => {
    const pool = threadPool('crashes');
    expect(await rejectionOf(pool.run('overflowStack'))).toBeInstanceOf(RangeError);
    expect(await pool.run('ok')).toBe('ok');
    expect(pool.snapshot().counters.crashes).toBe(0);
  });

  it('as it loads its module is told with the exit code, and the pool can be closed', async () => {
    const pool = threadPool('exits-on-import');
    const call = rejectionOf(pool.run('never'));
    const error = await rejectionOf(pool.ready());
    expect(error).toMatchObject({ name: 'WorkerCrashedError', exitCode: 3 });
    expect(error.message).toContain('exited with code 3 before it was ready');
    expect(await call).toBeInstanceOf(WorkerCrashedError);
    await pool.close();
    expect(pool.snapshot()).toMatchObject({ state: 'closed', size: 0 });
  });

  it('is not born at all where Node.js refuses its options', () => {
    expect(() => threadPool('crashes', { worker: { execArgv: ['--no-such-option'] } })).toThrow(PoolConfigError);
    expect(() => threadPool('crashes', { worker: { execArgv: ['--no-such-option'] } })).toThrow(
      /pool 'threads': Node\.js refused to create a thread: .*--no-such-option.*worker\.execArgv/,
    );
  });
});
