import { describe, expect, it, vi } from 'vitest';
import { TaskTimeoutError } from '../../../lib/entries/core.js';
import { next, threadPool } from './thread-pool.js';

describe('cancellation of running threads (P10)', () => {
  it('is seen by a synchronous loop through a signal among the arguments', async () => {
    const pool = threadPool('basics', { abortGraceMs: 60_000 });
    const controller = new AbortController();
    const started = next(pool, 'started');
    const call = pool.run('untilAborted', [controller.signal]);
    await started;
    const reason = new Error('changed my mind');
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(await pool.run('add', [1, 1])).toBe(2);
    expect(pool.snapshot()).toMatchObject({ counters: { cancelled: 1, crashes: 0 }, live: 1 });
  });

  it('is seen by a synchronous loop through taskContext()', async () => {
    const pool = threadPool('boundary', { abortGraceMs: 60_000 });
    const controller = new AbortController();
    const started = next(pool, 'started');
    const call = pool.run('spinUntilContextAborts', [], { signal: controller.signal });
    await started;
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(await pool.run('contextSignal')).toBe('false 1 true');
  });

  it('terminates the thread of a task that does not listen, after the grace, and replaces it', async () => {
    const pool = threadPool('boundary', { abortGraceMs: 50 });
    const controller = new AbortController();
    const [started, exited] = [next(pool, 'workerStarted'), next(pool, 'workerExited')];
    const shared = new SharedArrayBuffer(4);
    const call = pool.run('runForever', [shared], { signal: controller.signal });
    const { threadId } = await started;
    // The event tells that the task was handed over; only the task itself can tell that it runs.
    await vi.waitFor(() => expect(Atomics.load(new Int32Array(shared), 0)).toBe(1), 10_000);
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(pool.snapshot().workers[0]).toMatchObject({ state: 'aborting', task: 'runForever' });
    expect(await exited).toMatchObject({ reason: 'aborted' });
    await pool.run('describe', [1]);
    expect(pool.snapshot().workers[0]!.threadId).not.toBe(threadId);
    expect(pool.snapshot().counters).toMatchObject({ cancelled: 1, crashes: 0 });
  });

  it('ends a task that runs too long with TaskTimeoutError', async () => {
    const pool = threadPool('basics', { abortGraceMs: 20, taskTimeoutMs: 20 });
    const error = await pool.run('forever').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TaskTimeoutError);
    expect(error).toMatchObject({ statusCode: 504, pool: 'threads' });
  });

  it('leaves no listener on a signal that many calls shared', async () => {
    const pool = threadPool('basics');
    const { signal } = new AbortController();
    const added: unknown[] = [];
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      added.push(args[1]);
      addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      added.splice(added.indexOf(args[1]), 1);
      removeEventListener.apply(signal, args);
    };
    const calls = Array.from({ length: 100 }, (_, i) => pool.run('add', [i, 1], { signal }));
    expect(added).toHaveLength(1);
    await Promise.all(calls);
    expect(added).toHaveLength(0);
  });
});
