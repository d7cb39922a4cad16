import { describe, expect, it, vi } from 'vitest';
import { rejectionOf } from '../../support/watch.js';
import { flag } from './flag.js';
import { next, threadPool } from './thread-pool.js';

const OPTIONS = { size: { max: 1 }, worker: { concurrency: 3 }, abortGraceMs: 60_000 };

describe('several tasks in one worker', () => {
  it('each find their own context', async () => {
    const pool = threadPool('control', OPTIONS);
    const memory = new SharedArrayBuffer(4);
    const calls = [1, 2, 3].map(() => pool.run('meet', [memory, 3, new AbortController().signal]));
    expect(await Promise.all(calls)).toEqual([1, 2, 3].map(() => ({ attempt: 1, workerId: 1, isOwnSignal: true })));
  });

  it('find it even where their thread has an async pool of its own', async () => {
    const pool = threadPool('pool-within');
    expect(await pool.run('ownSignals', [new AbortController().signal])).toEqual([true, true]);
  });

  it('are cancelled one by one', async () => {
    const pool = threadPool('control', OPTIONS);
    const [first, second] = [new AbortController(), new AbortController()];
    const [one, two] = [flag(), flag()];
    const calls = [
      rejectionOf(pool.run('waitUntilAborted', [one.memory, first.signal])),
      rejectionOf(pool.run('waitUntilAborted', [two.memory, second.signal])),
    ];
    await Promise.all([one.isUp(), two.isUp()]);
    first.abort(new Error('first'));
    expect(await calls[0]).toEqual(new Error('first'));
    expect(pool.snapshot()).toMatchObject({ busy: 1, counters: { cancelled: 1 } });
    second.abort(new Error('second'));
    expect(await calls[1]).toEqual(new Error('second'));
    await vi.waitFor(() => expect(pool.snapshot().workers).toMatchObject([{ state: 'idle' }]), 10_000);
    expect(pool.snapshot().counters.crashes).toBe(0);
  });

  it('survive a neighbour that ignores its abort, if they end within a second grace', async () => {
    const pool = threadPool('control', { ...OPTIONS, size: { max: 2 }, abortGraceMs: 500 });
    const [cancelled, kept] = [new AbortController(), new AbortController()];
    const [deaf, waiting] = [flag(), flag()];
    const deafCall = rejectionOf(pool.run('deaf', [deaf.memory, cancelled.signal]));
    const keptCall = rejectionOf(pool.run('waitUntilAborted', [waiting.memory, kept.signal]));
    await Promise.all([deaf.isUp(), waiting.isUp()]);
    const exited = next(pool, 'workerExited');
    cancelled.abort(new Error('enough'));
    expect(await deafCall).toEqual(new Error('enough'));
    // The replacement starts when the first grace is over; the neighbour ends in the second.
    await vi.waitFor(() => expect(pool.snapshot().size).toBe(2), { timeout: 10_000, interval: 2 });
    kept.abort(new Error('also enough'));
    expect(await keptCall).toEqual(new Error('also enough'));
    expect(await exited).toMatchObject({ workerId: 1, reason: 'aborted' });
    expect(pool.snapshot().counters).toMatchObject({ cancelled: 2, failed: 0, crashes: 0 });
  });
});

describe('races of cancellation on real threads (P1, P10, P12)', () => {
  it('a synchronous loop gets the reason that it was cancelled with', async () => {
    const pool = threadPool('control', { ...OPTIONS, worker: {} });
    for (let round = 1; round <= 20; round++) {
      const controller = new AbortController();
      const { memory, becomes, isUp } = flag();
      const call = rejectionOf(pool.run('loopUntilAborted', [memory, controller.signal]));
      await isUp();
      controller.abort(new Error(String(round)));
      expect((await call).message).toBe(String(round));
      await becomes(1, round);
    }
    expect(pool.snapshot()).toMatchObject({ live: 1, counters: { cancelled: 20, crashes: 0 } });
  });

  it('a synchronous loop hears of it through taskContext() alone', async () => {
    const pool = threadPool('control', { ...OPTIONS, worker: {} });
    const controller = new AbortController();
    const { memory, becomes, isUp } = flag();
    const call = rejectionOf(pool.run('loopByContext', [memory], { signal: controller.signal }));
    await isUp();
    controller.abort();
    expect(await call).toMatchObject({ name: 'AbortError' });
    await becomes(1, 1);
    expect(await pool.run('isAborted', [new AbortController().signal])).toBe(false);
    expect(pool.snapshot()).toMatchObject({ live: 1, counters: { cancelled: 1, crashes: 0 } });
  });

  it('no abort is lost, and none reaches the wrong task, whenever it comes', async () => {
    const pool = threadPool('control', { size: { max: 2 }, abortGraceMs: 60_000 });
    await pool.resize(2);
    const moments = [
      (abort: () => void) => abort(),
      (abort: () => void) => queueMicrotask(abort),
      (abort: () => void) => process.nextTick(abort),
      (abort: () => void) => setImmediate(abort),
      (abort: () => void) => setTimeout(abort, 1),
      () => {},
    ];
    const wrong: unknown[] = [];
    for (let round = 0; round < 100; round++) {
      const calls = moments.map(async (soon) => {
        const controller = new AbortController();
        const call = pool.run('isAborted', [controller.signal]);
        soon(() => controller.abort('on purpose'));
        try {
          if (await call) wrong.push('completed although its signal was aborted');
        } catch (error) {
          if (error !== 'on purpose' || !controller.signal.aborted) wrong.push(error);
        }
      });
      await Promise.all(calls);
    }
    expect(wrong).toEqual([]);
    await vi.waitFor(() => expect(pool.snapshot()).toMatchObject({ busy: 0, queueDepth: 0 }), 10_000);
    const { submitted, completed, cancelled, failed, crashes } = pool.snapshot().counters;
    expect(submitted).toBe(completed + cancelled);
    expect([failed, crashes]).toEqual([0, 0]);
    expect(await pool.run('isAborted', [new AbortController().signal])).toBe(false);
  });
});
