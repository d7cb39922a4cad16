import { describe, expect, it, vi } from 'vitest';
import { PoolError } from '../../../lib/entries/core.js';
import { collect } from '../../support/collect.js';
import { next, threadPool } from './thread-pool.js';

function* naturals(upTo = Infinity): Generator<number> {
  for (let i = 0; i < upTo; i++) yield i;
}

describe('map on real threads (P11, P13)', () => {
  it.each([true, false])('yields every result once, ordered: %s', async (ordered) => {
    const pool = threadPool('basics');
    const results = await collect(pool.map<number, number>('echo', naturals(5_000), { ordered, concurrency: 64 }));
    if (!ordered) results.sort((a, b) => a - b);
    expect(results).toEqual([...naturals(5_000)]);
    expect(pool.snapshot().counters).toMatchObject({ submitted: 5_000, completed: 5_000 });
  });

  it('reads an endless generator no further than concurrency + 16 ahead of a slow reader', async () => {
    const pool = threadPool('basics');
    let [pulled, read, most] = [0, 0, 0];
    const source = (function* () {
      for (;;) {
        most = Math.max(most, ++pulled - read);
        yield pulled;
      }
    })();
    for await (const result of pool.map<number, number>('echo', source, { concurrency: 8 })) {
      expect(result).toBe(++read);
      // Slow: the pool has time to do all that it may.
      await vi.waitFor(() => expect(pool.snapshot()).toMatchObject({ busy: 0, queueDepth: 0 }), 10_000);
      if (read === 40) break;
    }
    expect(most).toBe(8 + 16);
    expect(pool.snapshot().counters.cancelled).toBe(0);
  });

  it('cancels what runs in a thread as its reader leaves, and the pool serves on', async () => {
    const pool = threadPool('basics', { size: { min: 2, max: 2 }, abortGraceMs: 60_000 });
    const { signal } = new AbortController();
    const started = next(pool, 'started');
    const results = pool.map<AbortSignal>('untilAborted', [signal, signal])[Symbol.asyncIterator]();
    const first = results.next();
    await started;
    await results.return!();
    expect(await first).toEqual({ done: true, value: undefined });
    await vi.waitFor(() => expect(pool.snapshot()).toMatchObject({ busy: 0, live: 2 }), 10_000);
    expect(await collect(pool.map('echo', ['next']))).toEqual(['next']);
    expect(pool.snapshot().counters).toMatchObject({ cancelled: 2, crashes: 0 });
  });

  it('ends with what a task throws, and with the crash of a worker', async () => {
    const pool = threadPool('basics');
    await expect(collect(pool.map('fail', ['on purpose']))).rejects.toThrow(new TypeError('on purpose'));
    await expect(collect(pool.map('exit', [7]))).rejects.toMatchObject({ code: 'WORKER_CRASHED', exitCode: 7 });
    await expect(collect(pool.map('echo', [() => 1]))).rejects.toMatchObject({ code: 'TASK_CLONE' });
    expect(await pool.run('add', [1, 2])).toBe(3);
  });
});

describe('a group on real threads (P13)', () => {
  it('waits for all', async () => {
    const pool = threadPool('basics');
    const group = pool.group({ limit: 3 });
    for (const i of naturals(200)) void group.run('add', [i, 1]);
    expect(await group.wait()).toEqual([...naturals(200)].map((i) => i + 1));
  });

  it('aborts what runs in the other threads at the first failure', async () => {
    const pool = threadPool('basics', { size: { min: 2, max: 2 }, abortGraceMs: 60_000 });
    await pool.ready();
    const group = pool.group();
    const started = next(pool, 'started');
    const endless = group.run('untilAborted', [new AbortController().signal]);
    await started;
    void group.run('fail', ['first']);
    await expect(group.wait()).rejects.toThrow(new TypeError('first'));
    const error = await endless.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PoolError);
    expect(error).toMatchObject({ code: 'GROUP_CANCELLED', cause: new TypeError('first') });
    await vi.waitFor(() => expect(pool.snapshot()).toMatchObject({ busy: 0, live: 2 }), 10_000);
    expect(await pool.run('add', [1, 2])).toBe(3);
  });
});
