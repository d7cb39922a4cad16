import { describe, expect, it } from 'vitest';
import { WorkerCrashedError } from '../../../lib/entries/core.js';
import { next, threadPool } from './thread-pool.js';

describe('a worker that dies (P9)', () => {
  it('fails its task with the exit code, is counted, and is replaced', async () => {
    const pool = threadPool('basics');
    const error = await pool.run('exit', [3]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WorkerCrashedError);
    expect(error).toMatchObject({ exitCode: 3, phase: 'started', pool: 'threads' });
    expect(await pool.run('add', [1, 2])).toBe(3);
    expect(pool.snapshot()).toMatchObject({ size: 1, counters: { crashes: 1, failed: 1, completed: 1 } });
  });

  it('tells what was thrown outside of any task', async () => {
    const pool = threadPool('boundary');
    const exited = next(pool, 'workerExited');
    expect(await pool.run('crashLater')).toBe('scheduled');
    const { reason, error } = await exited;
    expect(reason).toBe('crashed');
    expect(error!.message).toContain('outside of any task');
    expect(await pool.run('describe', [1])).toBe('[object Number]');
  });

  it('survives a task that runs out of memory', async () => {
    const pool = threadPool('boundary', { worker: { resourceLimits: { maxOldGenerationSizeMb: 24 } } });
    await expect(pool.run('exhaustMemory')).rejects.toMatchObject({
      code: 'WORKER_CRASHED',
      cause: { code: 'ERR_WORKER_OUT_OF_MEMORY' },
    });
    expect(await pool.run('describe', [1])).toBe('[object Number]');
  });

  it('says why its module does not load, to ready() and to whoever waits', async () => {
    const pool = threadPool('broken');
    const [ready, call] = await Promise.allSettled([pool.ready(), pool.run('never')]);
    for (const result of [ready, call]) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'WORKER_CRASHED' } });
      expect((result as PromiseRejectedResult).reason.message).toContain('this module does not load');
    }
  });

  it('says that a module exports no function', async () => {
    await expect(threadPool('empty').ready()).rejects.toMatchObject({
      message: expect.stringContaining('exports no function') as string,
    });
  });
});
