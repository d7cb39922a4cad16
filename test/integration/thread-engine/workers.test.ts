import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { createPool, PoolConfigError, TaskNotFoundError } from '../../../lib/entries/core.js';
import { next, threadPool } from './thread-pool.js';

describe('worker threads', () => {
  it('boot and compute in parallel', async () => {
    const pool = threadPool('boundary', { size: { min: 3, max: 3 } });
    const shared = new SharedArrayBuffer(4);
    const met = await Promise.all([1, 2, 3].map(() => pool.run('meet', [shared, 3])));
    expect(met).toEqual([3, 3, 3]);
  });

  it('interleave tasks that await, as many as worker.concurrency says', async () => {
    const pool = threadPool('boundary', { size: { max: 1 }, worker: { concurrency: 4 } });
    await pool.ready();
    const most = await Promise.all(Array.from({ length: 8 }, () => pool.run<number>('interleave')));
    expect(Math.max(...most)).toBe(4);
  });

  it('get the environment, the options and the limits they are given', async () => {
    const pool = threadPool('boundary', { worker: { env: { SHOE: '42' }, execArgv: ['--no-warnings'] } });
    expect(await pool.run('environment', ['SHOE'])).toBe('42');
    expect(await pool.run('execArgv')).toEqual(['--no-warnings']);
  });

  it('are renewed after N tasks, the replacement first (P14)', async () => {
    const pool = threadPool('basics', { size: { max: 1 }, worker: { recycle: { afterTasks: 2 } } });
    const first = await pool.run('where');
    const exited = next(pool, 'workerExited');
    await pool.run('where');
    expect(await exited).toMatchObject({ reason: 'recycled' });
    expect(await pool.run('where')).not.toBe(first);
    expect(pool.snapshot()).toMatchObject({ size: 1, counters: { crashes: 0 } });
  });

  it('show their heap and their load in the snapshot', async () => {
    const pool = threadPool('basics');
    await pool.run('spin', [300]);
    const [worker] = pool.snapshot().workers;
    expect(worker!.heapMb).toBeGreaterThan(1);
    expect(worker!.elu).toBeGreaterThan(0.3);
  });

  it('do not hold the process open when they idle', async () => {
    const script = fileURLToPath(new URL('../../fixtures/tasks/abandoned.js', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 15_000 });
    expect(stdout).toBe('42\n');
  });

  it('are not started for a bad option', () => {
    const make = (tasks: unknown) => () => createPool({ name: 'bad', tasks: tasks as string });
    expect(make('./no-such-file.js')).toThrow(/pool 'bad': tasks names .*no-such-file\.js.* there is no such file/);
    expect(make('data:text/javascript,export function f() {}')).toThrow(/data: URLs/);
    expect(make(new URL('https://example.com/tasks.js'))).toThrow(/https: URLs/);
    expect(make(process.cwd())).toThrow(PoolConfigError);
    expect(make(undefined)).toThrow(/tasks is undefined/);
  });

  it('know their tasks, and nothing else', async () => {
    const pool = threadPool('basics');
    await pool.ready();
    await expect(pool.run('ad')).rejects.toThrow(/has no task 'ad'\. Did you mean 'add'\? Its tasks: .*add/);
    for (const name of ['__proto__', 'constructor', 'toString']) {
      await expect(pool.run(name)).rejects.toBeInstanceOf(TaskNotFoundError);
    }
    expect(pool.snapshot().counters.submitted).toBe(0);
  });

  it('fail a task that turns out to be unknown once the first worker is ready', async () => {
    const pool = threadPool('basics');
    await expect(pool.run('nope')).rejects.toBeInstanceOf(TaskNotFoundError);
    expect(pool.snapshot().counters).toMatchObject({ submitted: 1, failed: 1 });
  });

  it('grow and shrink while tasks run, and none is lost (P2)', async () => {
    const pool = threadPool('basics');
    const calls = Array.from({ length: 60 }, (_, i) => pool.run<number>('add', [i, i]));
    for (const size of [4, 1, 3, 2, 4, 1]) void pool.resize(size);
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 60 }, (_, i) => 2 * i));
    await vi.waitFor(() => expect(pool.snapshot()).toMatchObject({ target: 1, size: 1, live: 1 }), 10_000);
  });
});
