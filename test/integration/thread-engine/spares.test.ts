import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Pool } from '../../../lib/entries/core.js';
import { livingThreads } from '../../support/living-threads.js';
import { next, threadPool } from './thread-pool.js';

const ONE = { size: { min: 1, max: 3 }, worker: { spares: 1 } };

/** Resolves when that many threads live. */
async function threads(count: number): Promise<void> {
  while (livingThreads.size !== count) await new Promise((resolve) => setImmediate(resolve));
}

/** Resolves when the pool has a spare that is ready. */
async function spareOf(pool: Pool): Promise<void> {
  await pool.ready();
  while (pool.snapshot().spares === 0) await new Promise((resolve) => setImmediate(resolve));
}

describe('a spare thread', () => {
  it('works under the number that the pool knows it by, and is replaced', async () => {
    const pool = threadPool('numbered', ONE);
    await spareOf(pool);
    expect(pool.snapshot()).toMatchObject({ size: 1, live: 1 });
    const resized = pool.resize(2);
    await Promise.resolve();
    expect(pool.snapshot()).toMatchObject({ size: 2, live: 2, spares: 0 });
    await resized;
    await spareOf(pool);
    const shared = new SharedArrayBuffer(4);
    const numbers = await Promise.all([1, 2].map(() => pool.run<number>('numberAmong', [2, shared])));
    expect(numbers.sort()).toEqual([1, 2]);
    expect(pool.snapshot().workers.map(({ id }) => id)).toEqual([1, 2]);
  });

  it('does so where tasks interleave, too', async () => {
    const pool = threadPool('numbered', { size: { max: 1 }, worker: { spares: 1, concurrency: 4 } });
    expect(await pool.run('numberLater')).toBe(1);
    const exited = next(pool, 'workerExited');
    await pool.run('exit', [7]).catch(() => undefined);
    await exited;
    expect(await pool.run('numberLater')).toBe(2);
  });

  it('serves whoever waits when it is called upon before it has booted', async () => {
    const pool = threadPool('numbered', ONE);
    await pool.ready();
    const [spare] = await Promise.all([next(pool, 'workerStarted'), pool.resize(2)]);
    expect(spare.workerId).toBe(2);
  });

  it('is gone when its pool has closed', async () => {
    const before = livingThreads.size;
    const pool = threadPool('basics', { size: { max: 1 }, worker: { spares: 2 } });
    await pool.ready();
    await threads(before + 3);
    await pool.close();
    expect(livingThreads.size).toBe(before);
  });

  it('does not hold the process open', async () => {
    const script = fileURLToPath(new URL('../../fixtures/tasks/abandoned-with-spare.js', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 15_000 });
    expect(stdout).toBe('42\n');
  });
});
