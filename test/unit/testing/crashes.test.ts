import { describe, expect, it, onTestFinished } from 'vitest';
import { TaskQuarantinedError, WorkerCrashedError, type PoolEventMap } from '../../../lib/entries/core.js';
import { createTestPool, VirtualClock, type TestPoolOptions } from '../../../lib/entries/testing.js';
import { taskContext } from '../../../lib/entries/worker.js';
import { rejectionOf, watch } from '../../support/watch.js';

/** One worker that does short and endless work; `done` counts how often the short one came to its end. */
async function pool(options: Partial<TestPoolOptions> = {}) {
  const clock = new VirtualClock();
  const done = { count: 0 };
  const tasks = { work: () => ++done.count, forever: () => new Promise(() => {}) };
  const pool = createTestPool({ name: 'test', size: { max: 1 }, scaling: false, tasks, clock, ...options });
  onTestFinished(async () => {
    const closed = pool.close({ force: true });
    await clock.advance(60_000);
    await closed;
  });
  await clock.advance(0);
  return { pool, clock, done, workers: pool.workers };
}

describe('crashes of inline workers (U8, P9)', () => {
  it('a planned crash takes down the worker of the next task, before its first line', async () => {
    const { pool: it_, workers, done, clock } = await pool();
    workers.crashNext('work', { exitCode: 137 });
    const error = await rejectionOf<WorkerCrashedError>(it_.run('work'));
    expect(error).toBeInstanceOf(WorkerCrashedError);
    expect(error).toMatchObject({ exitCode: 137, phase: 'started', pool: 'test' });
    expect(done.count).toBe(0);
    await clock.advance(0);
    expect(it_.snapshot()).toMatchObject({ live: 1, counters: { crashes: 1, failed: 1 }, workers: [{ id: 2 }] });
    expect(await it_.run('work')).toBe(1);
  });

  it('in phase finished, the task has ended and its result is lost', async () => {
    const { pool: it_, workers, done } = await pool();
    workers.crashNext('work', { phase: 'finished' });
    expect(await rejectionOf(it_.run('work'))).toMatchObject({ exitCode: 1, phase: 'finished' });
    expect(done.count).toBe(1);
  });

  it('goes off for its task only, as often as it was told, and with its error as the cause', async () => {
    const { pool: it_, workers, clock } = await pool();
    const error = new Error('out of memory');
    workers.crashNext('work', { times: 2, error });
    const other = watch(it_.run('forever', [], { timeoutMs: 10 }));
    await clock.advance(2_000);
    expect(other.error).toMatchObject({ code: 'TASK_TIMEOUT' });
    const calls = [1, 2, 3].map(() => watch(it_.run('work')));
    await clock.advance(10_000);
    expect(calls.map(({ state }) => state)).toEqual(['rejected', 'rejected', 'resolved']);
    expect(calls[0]!.error).toMatchObject({ cause: error });
  });

  it('of any task, where none is named', async () => {
    const { pool: it_, workers } = await pool();
    workers.crashNext();
    await expect(it_.run('work')).rejects.toBeInstanceOf(WorkerCrashedError);
  });

  it('can be taken back', async () => {
    const { pool: it_, workers } = await pool();
    workers.crashNext();
    workers.failBoot();
    workers.calmDown();
    expect(await it_.run('work')).toBe(1);
  });

  it('a worker can crash while it runs a task, and what waits is served by the next', async () => {
    const { pool: it_, workers, clock } = await pool();
    const running = watch(it_.run('forever'));
    const waiting = watch(it_.run('work'));
    await clock.advance(0);
    workers.crash(1, { exitCode: 9 });
    await clock.advance(0);
    expect(running.error).toMatchObject({ exitCode: 9, phase: 'started' });
    expect(waiting).toMatchObject({ state: 'resolved', value: 1 });
    expect(workers.ids).toEqual([2]);
  });

  it('a task that was sent and has not begun goes to the next worker', async () => {
    const { pool: it_, workers, clock } = await pool();
    const call = watch(it_.run('work'));
    workers.crash(1);
    await clock.advance(0);
    expect(call).toMatchObject({ state: 'resolved', value: 1 });
  });

  it('a worker can crash while it boots', async () => {
    const { pool: it_, workers, clock } = await pool({ bootMs: 100 });
    const exits: PoolEventMap['workerExited'][] = [];
    it_.on('workerExited', (exit) => exits.push(exit));
    const call = watch(it_.run('work'));
    await clock.advance(50);
    workers.crash(1);
    await clock.advance(10_000);
    expect(exits).toMatchObject([{ workerId: 1, reason: 'crashed' }]);
    expect(call).toMatchObject({ state: 'resolved', value: 1 });
  });

  it('boots can fail; after three in a row, what waits is told why', async () => {
    const { pool: it_, workers, clock } = await pool();
    const error = new Error('no such module');
    workers.failBoot({ error, times: 3 });
    workers.crash(1);
    const call = watch(it_.run('work'));
    await clock.advance(60_000);
    expect(call.error).toBeInstanceOf(WorkerCrashedError);
    expect((call.error as Error).message).toContain('before it was ready. Cause: no such module');
    expect(await it_.run('work')).toBe(1);
  });

  it('an idempotent task is tried again, and can tell which attempt it is (P9)', async () => {
    const attempts: number[] = [];
    const tasks = { work: () => attempts.push(taskContext().attempt) };
    const { pool: it_, workers, clock } = await pool({ tasks });
    workers.crashNext('work', { times: 2, phase: 'finished' });
    const call = watch(it_.run('work', [], { idempotent: true }));
    await clock.advance(60_000);
    expect(call.state).toBe('resolved');
    expect(attempts).toEqual([1, 2, 3]);
    expect(it_.snapshot().counters).toMatchObject({ crashes: 2, retried: 2, completed: 1 });
  });

  it('a task that takes down one worker after the other is quarantined (P9)', async () => {
    const { pool: it_, workers, clock } = await pool();
    workers.crashNext('work', { times: 3 });
    const calls = [1, 2, 3].map(() => watch(it_.run('work', ['same'])));
    await clock.advance(60_000);
    expect(calls.map(({ error }) => (error as Error).name)).toEqual([
      'WorkerCrashedError',
      'WorkerCrashedError',
      'TaskQuarantinedError',
    ]);
    await expect(it_.run('work', ['same'])).rejects.toBeInstanceOf(TaskQuarantinedError);
    expect(await it_.run('work', ['another'])).toBe(1);
  });

  it('refuses what makes no sense', async () => {
    const { workers } = await pool();
    expect(() => workers.crash(7)).toThrow(
      "pool 'test': crash() names worker 7, which the pool does not have. Its workers: 1.",
    );
    expect(() => workers.crashNext('work', { exitCode: -1 })).toThrow('crashNext(): exitCode is -1');
    expect(() => workers.crashNext('work', { phase: 'sent' as never })).toThrow("must be 'started' or 'finished'");
    expect(() => workers.crashNext('work', { times: 0 })).toThrow('crashNext(): times is 0');
    expect(() => workers.crash(1, { error: 'no' as never })).toThrow('crash(): error is "no", but must be an Error');
    expect(() => workers.crash(1, { code: 1 } as never)).toThrow('crash() has no option "code"');
    expect(() => workers.crashNext(null as never)).toThrow(
      "crashNext(task) is null, but must be a task's name, or '*'",
    );
    expect(() => workers.failBoot({ times: 1.5 })).toThrow('failBoot(): times is 1.5');
  });
});
