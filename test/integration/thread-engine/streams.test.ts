import { describe, expect, it, vi } from 'vitest';
import {
  PoolError,
  TaskCloneError,
  TaskTimeoutError,
  WorkerCrashedError,
  type Pool,
} from '../../../lib/entries/core.js';
import { collect } from '../../support/collect.js';
import { rejectionOf } from '../../support/watch.js';
import { next, threadPool } from './thread-pool.js';

/** Memory that a task leaves its marks in. */
function tally() {
  const memory = new SharedArrayBuffer(12);
  const words = new Int32Array(memory);
  return {
    memory,
    asked: () => Atomics.load(words, 0),
    finallyRan: () => Atomics.load(words, 1),
    goOn: () => void Atomics.store(words, 2, 1),
  };
}

const numbersUpTo = (count: number) => Array.from({ length: count }, (_, index) => index);

async function idle(pool: Pool): Promise<void> {
  await vi.waitFor(() => expect(pool.snapshot()).toMatchObject({ busy: 0, queueDepth: 0 }), 10_000);
}

/** Once the slot is free again, whatever the pool says: the next task runs. */
async function serves(pool: Pool): Promise<void> {
  expect(await pool.run('echo', ['next'])).toBe('next');
}

describe.each([
  { name: 'one task at a time', worker: {} },
  { name: 'tasks that interleave', worker: { concurrency: 4 } },
  { name: 'a parked worker', worker: {}, parking: true },
])('stream on a real thread, $name (P11)', ({ worker, parking = false }) => {
  const make = (options = {}) =>
    threadPool('streams', { size: { max: 1 }, worker: { ...worker, ...(parking && { parking }) }, ...options });

  it.each(['numbers', 'syncNumbers', 'rangeOf', 'array', 'promised', 'promisesInside', 'fromArray', 'foreign'])(
    'yields each item once and in order: %s',
    async (task) => {
      const pool = make();
      const count = task === 'foreign' || (worker.concurrency && /range|from/.test(task)) ? 500 : 2_000;
      expect(await collect(pool.stream<number>(task, [count]))).toEqual(numbersUpTo(count));
      expect(await collect(pool.stream<number>(task, [0]))).toEqual([]);
      await idle(pool);
      expect(pool.snapshot().counters).toMatchObject({ submitted: 2, completed: 2 });
    },
  );

  it('yields copies, each its own; Buffers are Buffers, and what is to move has moved', async () => {
    const pool = make();
    expect(await collect(pool.stream('objects', [40]))).toEqual(
      numbersUpTo(40).map((i) => ({ i, at: new Date(i), map: new Map([[i, i]]) })),
    );
    const [one, two] = await collect(pool.stream('sharing'));
    expect(one).toEqual(two);
    expect(one).not.toBe(two);
    const parts = await collect(pool.stream<{ bytes: Buffer }>('buffers', [3]));
    expect(parts.map(({ bytes }) => [Buffer.isBuffer(bytes), String(bytes)])).toEqual(
      numbersUpTo(3).map((i) => [true, `bytes ${i}`]),
    );
    const [memory, left] = await collect(pool.stream<ArrayBuffer | number>('moving'));
    expect([(memory as ArrayBuffer).byteLength, left]).toEqual([1_024, 0]);
  });

  it.each(['numbers', 'syncNumbers'])('is never asked for more than 16 items beyond those read: %s', async (task) => {
    const pool = make();
    const marks = tally();
    let read = 0;
    for await (const n of pool.stream<number>(task, [1_000_000, marks.memory])) {
      expect(n).toBe(read++);
      // Slow: the worker has time to do all that it may.
      if (read % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(marks.asked()).toBeLessThanOrEqual(read + 16);
      if (read === 200) break;
    }
    await vi.waitFor(() => expect(marks.finallyRan()).toBe(1), 10_000);
    expect(marks.asked()).toBeLessThanOrEqual(200 + 20);
    await serves(pool);
    expect(pool.snapshot().counters).toMatchObject({ cancelled: 1, completed: 1, crashes: 0 });
  });

  it.each(['break', 'throw', 'return()'] as const)('left by %s, it runs finally and frees the slot', async (how) => {
    const pool = make({ abortGraceMs: 60_000 });
    const marks = tally();
    const stream = pool.stream<number>('numbers', [Infinity, marks.memory]);
    if (how === 'return()') {
      const iterator = stream[Symbol.asyncIterator]();
      await iterator.next();
      expect(await iterator.return!()).toEqual({ done: true, value: undefined });
      expect(await iterator.next()).toEqual({ done: true, value: undefined });
    } else {
      const loop = (async () => {
        for await (const n of stream) {
          if (n < 30) continue;
          if (how === 'break') break;
          throw new Error('had enough');
        }
      })();
      if (how === 'break') await loop;
      else expect((await rejectionOf(loop)).message).toBe('had enough');
    }
    expect(pool.snapshot().counters.cancelled).toBe(1);
    await vi.waitFor(() => expect(marks.finallyRan()).toBe(1), 10_000);
    await serves(pool);
    expect(pool.snapshot()).toMatchObject({ live: 1, counters: { crashes: 0 } });
  });

  it('aborted, answers at once, drops what was not read, and runs finally', async () => {
    const pool = make({ abortGraceMs: 60_000 });
    const marks = tally();
    const controller = new AbortController();
    const read: number[] = [];
    const loop = (async () => {
      for await (const n of pool.stream<number>('numbers', [1e6, marks.memory], { signal: controller.signal })) {
        read.push(n);
        if (n === 20) {
          await vi.waitFor(() => expect(marks.asked()).toBeGreaterThan(30), 10_000);
          controller.abort('that will do');
        }
      }
    })();
    expect(await rejectionOf(loop)).toBe('that will do');
    expect(read).toEqual(numbersUpTo(21));
    await vi.waitFor(() => expect(marks.finallyRan()).toBe(1), 10_000);
    await serves(pool);
  });

  it('past its deadline fails after the items that came before, and runs finally', async () => {
    const pool = make({ abortGraceMs: 60_000 });
    const marks = tally();
    const read: number[] = [];
    const loop = (async () => {
      for await (const n of pool.stream<number>('heeding', [marks.memory], { timeoutMs: 200 })) read.push(n);
    })();
    expect(await rejectionOf(loop)).toBeInstanceOf(TaskTimeoutError);
    expect(read).toEqual([1]);
    await vi.waitFor(() => expect(marks.finallyRan()).toBe(1), 10_000);
    await serves(pool);
    expect(pool.snapshot().counters).toMatchObject({ failed: 1, crashes: 0 });
  });

  it('lets a body that computes see that its reader has left', async () => {
    const pool = make({ abortGraceMs: 60_000 });
    const marks = tally();
    const iterator = pool.stream<number>('computing', [marks.memory])[Symbol.asyncIterator]();
    await iterator.next();
    await vi.waitFor(() => expect(marks.asked()).toBeGreaterThan(0), 10_000);
    await iterator.return!();
    await vi.waitFor(() => expect(marks.finallyRan()).toBe(1), 10_000);
    await serves(pool);
  });

  it('terminates a body that ignores its leaving after the grace', async () => {
    const pool = make({ abortGraceMs: 20 });
    const marks = tally();
    const iterator = pool.stream<number>('stuck', [marks.memory])[Symbol.asyncIterator]();
    await iterator.next();
    await vi.waitFor(() => expect(marks.finallyRan()).toBe(1), 10_000);
    const exited = next(pool, 'workerExited');
    await iterator.return!();
    expect((await exited).reason).toBe('aborted');
    await serves(pool);
  });

  it.each(['failing', 'failingRange'])('fails after the items that came before: %s', async (task) => {
    const pool = make();
    const read: number[] = [];
    const loop = (async () => {
      for await (const n of pool.stream<number>(task, [50])) read.push(n);
    })();
    expect(await rejectionOf(loop)).toEqual(new RangeError('no more'));
    expect(read).toEqual(numbersUpTo(50));
    expect(pool.snapshot().counters).toMatchObject({ failed: 1 });
    await serves(pool);
  });

  it('names the part of an item that cannot be cloned, and runs finally', async () => {
    const pool = make();
    const marks = tally();
    const read: unknown[] = [];
    const loop = (async () => {
      for await (const item of pool.stream('uncloneable', [17, marks.memory])) read.push(item);
    })();
    const error = await rejectionOf<TaskCloneError>(loop);
    expect(error).toBeInstanceOf(TaskCloneError);
    expect(error.path).toBe('items[17].a.b');
    expect(error.message).toBe(
      "pool 'threads', task 'uncloneable': items[17].a.b is a function and cannot be sent from a worker thread. Yield plain data, or move it with transfer().",
    );
    expect(read).toHaveLength(17);
    expect(marks.finallyRan()).toBe(1);
    await serves(pool);
  });

  it('fails with the crash of its worker, after the items that had left it', async () => {
    const pool = make();
    const read: number[] = [];
    const loop = (async () => {
      for await (const n of pool.stream<number>('crashing', [40])) read.push(n);
    })();
    const error = await rejectionOf<WorkerCrashedError>(loop);
    expect(error).toBeInstanceOf(WorkerCrashedError);
    expect([error.exitCode, error.phase]).toEqual([9, 'started']);
    // The crash takes along what it did not send, and nothing in between.
    expect(read).toEqual(numbersUpTo(read.length));
    expect(read.length).toBeGreaterThanOrEqual(32);
    await serves(pool);
  });

  it('keeps the context of its task from the first item to the last', async () => {
    const pool = make();
    const contexts = await collect(pool.stream('ownContext'));
    expect(contexts).toEqual([1, 2, 3].map(() => ({ workerId: 1, attempt: 1 })));
  });

  it('gives a signal among the arguments, live', async () => {
    const pool = make({ abortGraceMs: 60_000 });
    const controller = new AbortController();
    const iterator = pool.stream<boolean>('withArgument', [controller.signal])[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ done: false, value: false });
    controller.abort(new Error('enough'));
    expect((await rejectionOf(iterator.next())).message).toBe('enough');
    await serves(pool);
  });

  it('refuses a task that returns no stream, and tells run() of one that does', async () => {
    const pool = make();
    const error = await rejectionOf<PoolError>(collect(pool.stream('text')));
    expect([error.code, error.message]).toEqual(['NO_STREAM', expect.stringContaining('or call it with run()')]);
    for (const task of ['numbers', 'rangeOf']) {
      const refused = await rejectionOf<TaskCloneError>(pool.run(task, [3]));
      expect(refused).toBeInstanceOf(TaskCloneError);
      expect(refused.message).toContain('Call stream() for it');
    }
    await serves(pool);
  });

  it('goes on beside others: several at once, each complete', async () => {
    const pool = make({ size: { min: 2, max: 2 } });
    const all = await Promise.all([500, 400, 300, 200].map((n) => collect(pool.stream<number>('numbers', [n]))));
    expect(all).toEqual([500, 400, 300, 200].map(numbersUpTo));
  });

  it('is drained as tasks are, and cut short by a close that has no time', async () => {
    const pool = make();
    const marks = tally();
    const iterator = pool.stream<number>('numbers', [1e9, marks.memory])[Symbol.asyncIterator]();
    await iterator.next();
    const closed = pool.close({ timeoutMs: 20 });
    await expect(
      (async () => {
        for (;;) if ((await iterator.next()).done) break;
      })(),
    ).rejects.toMatchObject({ code: 'POOL_CLOSED' });
    await closed;
    expect(marks.finallyRan()).toBe(1);
  });
});

describe('an Observable on a real thread (P11)', () => {
  it('is made to wait where the thread does one task at a time: a synchronous one goes no faster than it is read', async () => {
    const pool = threadPool('streams', { size: { max: 1 }, abortGraceMs: 60_000 });
    const marks = tally();
    let read = 0;
    for await (const n of pool.stream<number>('rangeOf', [1e6, marks.memory])) {
      expect(n).toBe(read++);
      if (read % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
      expect(marks.asked()).toBeLessThanOrEqual(read + 17);
      if (read === 500) break;
    }
    await vi.waitFor(() => expect(marks.finallyRan()).toBe(1), 10_000);
    expect(marks.asked()).toBeLessThanOrEqual(500 + 20);
    await serves(pool);
    expect(pool.snapshot()).toMatchObject({ live: 1, counters: { crashes: 0 } });
  });

  it('waits in the middle of what a timer pushes too, and is unsubscribed from', async () => {
    const pool = threadPool('streams', { size: { max: 1 }, abortGraceMs: 60_000 });
    const marks = tally();
    const iterator = pool.stream<number>('bursts', [1e6, marks.memory])[Symbol.asyncIterator]();
    for (let i = 0; i < 100; i++) expect((await iterator.next()).value).toBe(i);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(marks.asked()).toBeLessThanOrEqual(117);
    await iterator.return!();
    await vi.waitFor(() => expect(marks.finallyRan()).toBe(1), 10_000);
    await serves(pool);
  });

  it('ends with a clear error where tasks interleave and it is 1,024 items ahead', async () => {
    const pool = threadPool('streams', { size: { max: 1 }, worker: { concurrency: 4 } });
    const marks = tally();
    const error = await rejectionOf<PoolError>(collect(pool.stream('rangeOf', [1e6, marks.memory])));
    expect([error.code, error.message]).toEqual([
      'STREAM_OVERFLOW',
      expect.stringContaining('Make the task an async generator'),
    ]);
    expect(marks.asked()).toBe(16 + 1_024 + 1);
    expect(marks.finallyRan()).toBe(1);
    await serves(pool);
  });

  it('is read as it comes', async () => {
    const pool = threadPool('streams', { size: { max: 1 } });
    expect(await collect(pool.stream('ticks', [1, 30]))).toEqual(numbersUpTo(30));
  });
});
