import { describe, expect, it } from 'vitest';
import { TaskTimeoutError, WorkerCrashedError, type Pool, type PoolOptions } from '../../../lib/entries/core.js';
import { rejectionOf } from '../../support/watch.js';
import { batchPool, learn, range } from './batch-pool.js';
import { next } from './thread-pool.js';

const CULPRIT = 990;
const BEFORE = range(0, 20);
const BEHIND = range(20, 60);
const ALL = [...BEFORE, ...BEHIND];
const KINDS = ['number', 'text', 'object', 'later'] as const;

/** A batch of all sorts of tasks around one that spoils it; resolves with what that one rejects with. */
async function spoilt(pool: Pool, culprit: string): Promise<Error> {
  const run = (id: number) => pool.run(KINDS[id % KINDS.length]!, [id]);
  const before = BEFORE.map(run);
  const error = rejectionOf(pool.run(culprit, [CULPRIT]));
  const behind = BEHIND.map(run);
  const results = await Promise.all([...before, ...behind]);
  const expected = { number: (id: number) => id, text: (id: number) => `task ${id}`, later: (id: number) => id };
  for (const [index, id] of ALL.entries()) {
    const kind = KINDS[id % KINDS.length]!;
    expect(results[index]).toEqual(kind === 'object' ? { id, list: [id] } : expected[kind](id));
  }
  return error;
}

describe('a thread that dies in the middle of a batch costs the task that it ran, no other (P9, P12)', () => {
  it.each<[string, string, Partial<PoolOptions>, object]>([
    ['by process.exit()', 'exit', {}, { exitCode: 7, phase: 'started' }],
    ['by the result of a task', 'fatalResult', {}, { exitCode: 7, phase: 'finished' }],
    [
      'at the limit of its memory',
      'exhaustMemory',
      { worker: { resourceLimits: { maxOldGenerationSizeMb: 24 } } },
      { phase: 'started', cause: { code: 'ERR_WORKER_OUT_OF_MEMORY' } },
    ],
  ])('%s', async (_, culprit, options, wanted) => {
    const { pool, marks } = await batchPool(options);
    const error = await spoilt(pool, culprit);
    expect(error).toBeInstanceOf(WorkerCrashedError);
    expect(error).toMatchObject(wanted);
    expect(marks.begunOf([...ALL, CULPRIT])).toEqual([...ALL, CULPRIT].map(() => 1));
    expect(pool.snapshot()).toMatchObject({ queueDepth: 0, busy: 0, counters: { failed: 1, crashes: 1 } });
  });

  it('between two tasks, and costs none at all', async () => {
    const { pool, marks } = await batchPool();
    const exited = next(pool, 'workerExited');
    // More than one turn of the event loop has time for, so that most of them are still to be done.
    const spins = range(0, 60).map((id) => pool.run('spin', [id, 300]));
    const bomb = pool.run('timeBomb', [CULPRIT]);
    const behind = range(100, 60).map((id) => pool.run('spin', [id, 300]));
    expect(await Promise.all([...spins, bomb, ...behind])).toEqual([...range(0, 60), CULPRIT, ...range(100, 60)]);
    expect(await exited).toMatchObject({ reason: 'crashed' });
    const ids = [...range(0, 60), CULPRIT, ...range(100, 60)];
    expect(marks.begunOf(ids)).toEqual(ids.map(() => 1));
    expect(pool.snapshot().counters).toMatchObject({ failed: 0, crashes: 1 });
  });

  it('again and again, in several workers', async () => {
    const { pool, marks } = await batchPool({ size: { min: 2, max: 2 } });
    const culprits = range(900, 5);
    const calls = culprits.flatMap((culprit, round) => [
      ...range(round * 50, 50).map((id) => pool.run('number', [id])),
      rejectionOf<WorkerCrashedError>(pool.run('exit', [culprit])),
    ]);
    const results = await Promise.all(calls);
    expect(results.filter((result) => result instanceof WorkerCrashedError)).toHaveLength(culprits.length);
    const ids = [...range(0, 250), ...culprits];
    expect(marks.begunOf(ids)).toEqual(ids.map(() => 1));
    expect(pool.snapshot().counters).toMatchObject({ failed: 5, crashes: 5 });
  });

  it('and what that one had moved along; a task that moves its argument is not sent again', async () => {
    const { pool, marks } = await batchPool();
    await learn(pool, ['moved']).catch(() => undefined);
    const bytes = new Uint8Array(8);
    const killer = rejectionOf(pool.run('exit', [CULPRIT]));
    const mover = pool.run('moved', [1, bytes], { transfer: [bytes.buffer] });
    const [died, moved] = await Promise.allSettled([killer, mover]);
    expect(died).toMatchObject({ value: { exitCode: 7 } });
    // It was with the thread that died, and is lost, or it was not sent yet, and has run.
    if (moved.status === 'fulfilled') expect([moved.value, marks.begun(1)]).toEqual([8, 1]);
    else {
      expect(moved.reason).toMatchObject({ name: 'WorkerCrashedError', message: /transfer list/ });
      expect(marks.begun(1)).toBe(0);
    }
  });
});

describe('time-outs in a batch', () => {
  it('end the task that runs too long, and none of those around it', async () => {
    const { pool, marks } = await batchPool({ taskTimeoutMs: 150, abortGraceMs: 20 });
    expect(await spoilt(pool, 'hold')).toBeInstanceOf(TaskTimeoutError);
    expect(marks.begunOf(ALL)).toEqual(ALL.map(() => 1));
    expect(pool.snapshot().counters).toMatchObject({ failed: 1, crashes: 0 });
  });

  it('count from when a task begins, not from when it is sent', async () => {
    const { pool } = await batchPool({ taskTimeoutMs: 150 });
    // Together they take twice the time that each of them has.
    expect(await Promise.all(range(0, 1_000).map((id) => pool.run('spin', [-1 - id, 300])))).toHaveLength(1_000);
    expect(pool.snapshot().counters).toMatchObject({ failed: 0 });
  });

  it('let a task go on that ends when it is told to, with its thread and those behind it', async () => {
    const { pool, marks } = await batchPool({ taskTimeoutMs: 150, abortGraceMs: 60_000 });
    const threads = pool.snapshot().workers.map(({ threadId }) => threadId);
    const error = rejectionOf(pool.run('wait', [CULPRIT]));
    const behind = BEHIND.map((id) => pool.run('number', [id]));
    expect(await error).toBeInstanceOf(TaskTimeoutError);
    marks.release(CULPRIT);
    expect(await Promise.all(behind)).toEqual(BEHIND);
    expect(pool.snapshot().workers.map(({ threadId }) => threadId)).toEqual(threads);
    expect(marks.ended(CULPRIT)).toBe(1);
  });
});
