import { describe, expect, it } from 'vitest';
import { TaskCloneError } from '../../../lib/entries/core.js';
import { rejectionOf } from '../../support/watch.js';
import { threadPool } from './thread-pool.js';

describe.each([
  { name: 'one task at a time', concurrency: 1 },
  { name: 'tasks that interleave', concurrency: 4 },
])('what main cannot read of a worker with $name', ({ concurrency }) => {
  const make = () =>
    threadPool('deep', {
      size: { max: 1 },
      abortGraceMs: 50,
      worker: { concurrency, resourceLimits: { stackSizeMb: 64 } },
    });

  it.each([
    ['the last one, after which the stream has ended already', 'last', [{ n: 0 }]],
    ['the first one of a stream that goes on', 'first', []],
  ])('fails its stream, after the items before it: %s (P11)', async (_which, task, before) => {
    const pool = make();
    const read: unknown[] = [];
    const error = await rejectionOf<TaskCloneError>(
      (async () => {
        for await (const item of pool.stream(task)) read.push(item);
      })(),
    );
    expect(error).toBeInstanceOf(TaskCloneError);
    expect(error.message).toMatch(`pool 'threads', task '${task}': its items could not be read on the other thread.`);
    expect(read).toEqual(before);
    expect(await pool.run('fine')).toEqual({ n: 3 });
    expect(pool.snapshot().counters).toMatchObject({ submitted: 2, completed: 1, failed: 1 });
  });

  it('fails its call and no other, whatever was reported or read before (P9)', async () => {
    const pool = make();
    const heard: unknown[] = [];
    const onProgress = (value: unknown) => heard.push(value);
    expect(await pool.run('reports', [], { onProgress })).toEqual({ n: 2 });
    expect(heard).toEqual([{ n: 1 }]);
    for (let time = 0; time < 3; time++) {
      const [refused, fine] = await Promise.allSettled([pool.run('result'), pool.run('fine')]);
      expect(refused).toMatchObject({ reason: { code: 'TASK_CLONE', path: 'result' } });
      expect(fine).toMatchObject({ value: { n: 3 } });
    }
  });

  it('takes no place from later reports of progress', async () => {
    const pool = make();
    for (let time = 0; time < 100; time++) await pool.run('reports');
    const heard: unknown[] = [];
    await pool.run('reports', [], { onProgress: (value) => heard.push(value) });
    expect(heard).toEqual([{ n: 1 }]);
  });
});
