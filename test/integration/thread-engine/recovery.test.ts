import { describe, expect, it } from 'vitest';
import { createPool, TaskQuarantinedError, WorkerCrashedError } from '../../../lib/entries/core.js';
import { next, threadPool } from './thread-pool.js';

describe('an idempotent task on a real thread (P9)', () => {
  it('runs again on another thread where its own exits, and knows which attempt it is', async () => {
    const pool = threadPool('fatal');
    expect(await pool.run('flaky', [2], { idempotent: true })).toMatchObject({ attempt: 3 });
    expect(pool.snapshot().counters).toMatchObject({ submitted: 1, completed: 1, failed: 0, crashes: 2, retried: 2 });
  });

  it('runs again where tasks interleave, along with those beside it that may', async () => {
    const pool = threadPool('fatal', { size: { min: 1, max: 1 }, worker: { concurrency: 4 } });
    await pool.ready();
    const [flaky, other] = await Promise.allSettled([
      pool.run('flaky', [1], { idempotent: true }),
      pool.run('decode', ['good'], { idempotent: true }),
    ]);
    expect(flaky).toMatchObject({ status: 'fulfilled', value: { attempt: 2 } });
    expect(other).toMatchObject({ status: 'fulfilled', value: 'GOOD' });
  });
});

describe('a task that exits the process of its worker three times (P9)', () => {
  it('is quarantined, others never notice, and the size is back', async () => {
    const pool = threadPool('fatal', { size: { min: 2, max: 2 } });
    await pool.ready();
    const quarantined = next(pool, 'quarantined');
    const others = Array.from({ length: 200 }, (_, index) => pool.run('decode', [`word ${index}`]));
    const killer = pool.run('decode', ['bad input'], { idempotent: true });
    await expect(killer).rejects.toBeInstanceOf(TaskQuarantinedError);
    expect(await Promise.all(others)).toEqual(others.map((_, index) => `WORD ${index}`));
    expect(await quarantined).toMatchObject({ task: 'decode', crashes: 3, error: { exitCode: 9 } });

    const refused = await pool.run('decode', ['bad input']).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'TASK_QUARANTINED', cause: { exitCode: 9 } });
    expect(pool.snapshot().counters).toMatchObject({ crashes: 3, retried: 2, failed: 1, completed: 200 });
    while (pool.snapshot().live < 2) await next(pool, 'workerStarted');
    expect(pool.snapshot()).toMatchObject({ size: 2, live: 2, target: 2 });

    const [entry] = pool.quarantine.release();
    expect(entry).toMatchObject({ id: (refused as TaskQuarantinedError).id });
    await expect(pool.run('decode', ['bad input'])).rejects.toBeInstanceOf(WorkerCrashedError);
  });
});

describe('a broadcast over real threads (P14)', () => {
  it('reaches every thread once, and with replay those born later, before they do anything else', async () => {
    const pool = threadPool('fatal', { size: { min: 2, max: 4 } });
    await pool.ready();
    const first = await pool.broadcast<number>('load', [['ant', 'bee']], { replay: true });
    expect(new Set(first).size).toBe(2);
    const grown = pool.resize(4);
    const answers = await Promise.all(
      Array.from({ length: 400 }, () => pool.run<{ word: string; threadId: number }>('lookUp', [1])),
    );
    await grown;
    expect(new Set(answers.map(({ word }) => word))).toEqual(new Set(['bee']));
    const all = await pool.broadcast<{ word: string; threadId: number }>('lookUp', [0]);
    expect(all.map(({ word }) => word)).toEqual(['ant', 'ant', 'ant', 'ant']);
    expect(new Set(all.map(({ threadId }) => threadId)).size).toBe(4);
  });

  it('is replayed to the thread that takes the place of one that died', async () => {
    const pool = threadPool('fatal', { size: { min: 1, max: 1 } });
    await pool.broadcast('load', [['ant']], { replay: true });
    await expect(pool.run('decode', ['bad'])).rejects.toBeInstanceOf(WorkerCrashedError);
    expect(await pool.run('lookUp', [0])).toMatchObject({ word: 'ant' });
  });

  it('rejects with what the task threw', async () => {
    const pool = threadPool('fatal', { size: { min: 2, max: 2 } });
    await expect(pool.broadcast('load', [['poison']])).rejects.toThrow('cannot load this');
    expect(pool.snapshot()).toMatchObject({ counters: { failed: 2, crashes: 0 } });
  });

  it('runs in every slot of an async pool', async () => {
    const pool = createPool({
      name: 'io',
      kind: 'async',
      tasks: { hello: () => 'hi' },
      size: { min: 3, max: 3 },
      scaling: false,
    });
    expect(await pool.broadcast('hello')).toEqual(['hi', 'hi', 'hi']);
    await pool.close();
  });
});
