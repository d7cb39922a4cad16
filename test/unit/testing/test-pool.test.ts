import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  PoolClosedError,
  PoolConfigError,
  PoolFullError,
  QueueTimeoutError,
  TaskNotFoundError,
  TaskTimeoutError,
  type ContextCarrier,
} from '../../../lib/entries/core.js';
import { createTestPool, VirtualClock, type TestPoolOptions } from '../../../lib/entries/testing.js';
import { taskContext } from '../../../lib/entries/worker.js';
import * as basics from '../../fixtures/tasks/basics.js';
import { OrderError } from '../../fixtures/nest/order.error.js';
import { collect } from '../../support/collect.js';
import { rejectionOf, watch } from '../../support/watch.js';

function testPool(options: Partial<TestPoolOptions> = {}) {
  const pool = createTestPool({ name: 'test', size: { max: 2 }, scaling: false, tasks: basics, ...options });
  onTestFinished(() => pool.close({ force: true }));
  return pool;
}

/** A test pool under a clock of its own; tasks take virtual milliseconds. */
function clockedPool(options: Partial<TestPoolOptions> = {}) {
  const clock = new VirtualClock();
  const tasks = {
    async take(ms: number) {
      await clock.sleep(ms);
      return clock.now();
    },
    deaf: () => new Promise(() => {}),
  };
  const pool = createTestPool({ name: 'test', scaling: false, tasks, clock, ...options });
  onTestFinished(async () => {
    const closed = pool.close({ force: true });
    await clock.advance(10_000);
    await closed;
  });
  return { pool, clock };
}

describe('an inline test pool (U8)', () => {
  it('runs functions, a module, or a file', async () => {
    const file = new URL('../../fixtures/tasks/basics.js', import.meta.url);
    for (const tasks of [{ add: (a: number, b: number) => a + b }, basics, file, file.href]) {
      expect(await testPool({ tasks }).run('add', [1, 2])).toBe(3);
    }
  });

  it('runs functions of vitest', async () => {
    const thumbnail = vi.fn<(bytes: Uint8Array) => number>((bytes) => bytes.byteLength);
    expect(await testPool({ tasks: { thumbnail } }).run('thumbnail', [new Uint8Array(3)])).toBe(3);
    expect(thumbnail).toHaveBeenCalledExactlyOnceWith(new Uint8Array(3));
  });

  it('copies arguments when they are sent, so that changes afterwards are not seen', async () => {
    const pool = testPool();
    await pool.ready();
    const basket = { items: ['one'] };
    const echoed = pool.run<typeof basket>('echo', [basket]);
    basket.items.push('two');
    expect(await echoed).toEqual({ items: ['one'] });
    const kept = await pool.run<object>('echo', [basket]);
    expect(kept).not.toBe(basket);
  });

  it('gives a task a signal of its own, with a copy of the reason', async () => {
    const seen: unknown[] = [];
    const listen = async (signal: AbortSignal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      seen.push(signal, signal.reason);
      throw signal.reason;
    };
    const pool = testPool({ tasks: { listen } });
    const controller = new AbortController();
    const call = watch(pool.run('listen', [controller.signal]));
    await vi.waitFor(() => expect(pool.snapshot().busy).toBe(1));
    controller.abort(new OrderError('a7'));
    await vi.waitFor(() => expect(seen).toHaveLength(2));
    expect(call.error).toBe(controller.signal.reason);
    expect(seen[0]).not.toBe(controller.signal);
    expect(seen[1]).not.toBeInstanceOf(OrderError);
    expect(seen[1]).toMatchObject({ message: (call.error as Error).message });
  });

  it('brings registered errors back as themselves, and others as Errors that keep their names', async () => {
    const tasks = {
      refuse() {
        throw new OrderError('a7');
      },
    };
    const known = await rejectionOf(testPool({ tasks, errors: [OrderError] }).run('refuse'));
    expect(known).toBeInstanceOf(OrderError);
    const unknown = await rejectionOf(testPool({ tasks }).run('refuse'));
    expect(unknown).not.toBeInstanceOf(OrderError);
    expect(unknown.name).toBe(known.name);
  });

  it('runs one task at a time in each worker, in the order of the calls', async () => {
    const { pool, clock } = clockedPool({ size: { min: 2, max: 2 } });
    const calls = [30, 10, 10, 10].map((ms) => watch(pool.run<number>('take', [ms])));
    await clock.advance(0);
    expect(pool.snapshot()).toMatchObject({ live: 2, busy: 2, queueDepth: 2 });
    await clock.advance(30);
    expect(calls.map(({ value }) => value)).toEqual([30, 10, 20, 30]);
  });

  it('interleaves tasks with worker.concurrency', async () => {
    const { pool, clock } = clockedPool({ size: { max: 1 }, worker: { concurrency: 3 } });
    const calls = [10, 10, 10].map((ms) => watch(pool.run<number>('take', [ms])));
    await clock.advance(10);
    expect(calls.map(({ value }) => value)).toEqual([10, 10, 10]);
  });

  it('tells the context of a task, and nothing of its caller', async () => {
    const storage = new AsyncLocalStorage<string>();
    const look = () => {
      const { attempt, workerId, signal } = taskContext();
      return { attempt, workerId, aborted: signal.aborted, store: storage.getStore() ?? null };
    };
    const pool = testPool({ tasks: { look } });
    const seen = await storage.run('of the caller', () => pool.run('look'));
    expect(seen).toEqual({ attempt: 1, workerId: 1, aborted: false, store: null });
  });

  it('resizes, pauses, drains and closes as any pool', async () => {
    const { pool, clock } = clockedPool({ size: { max: 4 } });
    const grown = pool.resize(4);
    await clock.advance(0);
    await grown;
    expect(pool.snapshot()).toMatchObject({ live: 4, target: 4 });
    pool.pause();
    const waiting = watch(pool.run('take', [10]));
    await clock.advance(100);
    expect([waiting.state, pool.snapshot().queueDepth]).toEqual(['pending', 1]);
    pool.resume();
    const drained = watch(pool.drain());
    await expect(pool.run('take', [1])).rejects.toMatchObject({ code: 'DRAINING' });
    await clock.advance(10);
    expect([waiting.state, drained.state]).toEqual(['resolved', 'resolved']);
    await pool.close();
    await expect(pool.run('take', [1])).rejects.toBeInstanceOf(PoolClosedError);
    expect(pool.snapshot()).toMatchObject({ state: 'closed', size: 0 });
  });

  it('maps and groups', async () => {
    const pool = testPool();
    expect(await collect(pool.map('echo', [1, 2, 3]))).toEqual([1, 2, 3]);
    const group = pool.group();
    void group.run('add', [1, 1]);
    void group.run('add', [2, 2]);
    expect(await group.wait()).toEqual([2, 4]);
  });

  it('is full, times out while a task waits, and while it runs, when the test says so', async () => {
    const { pool, clock } = clockedPool({ size: { max: 1 }, queue: { capacity: 1 } });
    await pool.ready();
    const first = watch(pool.run('deaf', [], { timeoutMs: 500 }));
    const second = watch(pool.run('take', [1], { queueTimeoutMs: 100 }));
    await clock.advance(0);
    await expect(pool.run('take', [1])).rejects.toBeInstanceOf(PoolFullError);
    await clock.advance(100);
    expect(second.error).toBeInstanceOf(QueueTimeoutError);
    await clock.advance(400);
    expect(first.error).toBeInstanceOf(TaskTimeoutError);
    expect(pool.snapshot().workers).toMatchObject([{ id: 1 }]);
    await clock.advance(1_000);
    expect(pool.snapshot()).toMatchObject({ live: 1, counters: { crashes: 0 }, workers: [{ id: 2 }] });
  });

  it('lets idle workers go when their time has come', async () => {
    const { pool, clock } = clockedPool({ size: { max: 3, initial: 3 }, idleExpiryMs: 5_000 });
    await clock.advance(4_999);
    expect(pool.snapshot().live).toBe(3);
    await clock.advance(1);
    expect(pool.snapshot().live).toBe(1);
  });

  it('sizes itself as time passes', async () => {
    const decider = { type: 'threshold', signal: 'utilization', up: 0.9, down: 0.1 } as const;
    const { pool, clock } = clockedPool({ size: { max: 3 }, scaling: { policy: { decider, guards: [] } } });
    for (let call = 0; call < 20; call++) watch(pool.run('take', [1_000]));
    expect(pool.snapshot().target).toBe(1);
    await clock.advance(1_000);
    expect(pool.snapshot().target).toBe(3);
  });

  it('boots for as long as it is told to', async () => {
    const { pool, clock } = clockedPool({ bootMs: 150 });
    const ready = watch(pool.ready());
    await clock.advance(149);
    expect([ready.state, pool.snapshot().starting]).toEqual(['pending', 1]);
    await clock.advance(1);
    expect([ready.state, pool.snapshot().live]).toEqual(['resolved', 1]);
  });

  it('runs a call on the calling thread under caller-runs, with copies all the same', async () => {
    const pool = testPool({ queue: { capacity: 1, overflow: 'caller-runs' }, size: { max: 1 } });
    await pool.ready();
    const basket = { items: [] };
    const echoed = await Promise.all([1, 2, 3, 4].map(() => pool.run('echo', [basket])));
    expect(new Set([basket, ...echoed]).size).toBe(5);
    await expect(pool.run('nope')).rejects.toBeInstanceOf(TaskNotFoundError);
  });

  it('streams copies of items, no further than they are read, and leaves a generator that is left (P11)', async () => {
    const made = { items: 0, left: false };
    const shared = { list: [0] };
    async function* items() {
      try {
        for (; ; made.items++) {
          shared.list[0] = made.items;
          yield shared;
        }
      } finally {
        made.left = true;
      }
    }
    const pool = testPool({ tasks: { items } });
    const read: unknown[] = [];
    for await (const item of pool.stream('items')) {
      read.push(item);
      if (read.length === 3) break;
    }
    expect(read).toEqual([{ list: [0] }, { list: [1] }, { list: [2] }]);
    await vi.waitFor(() => expect(made.left).toBe(true));
    expect(made.items).toBeLessThanOrEqual(20);
    expect(pool.calls).toEqual([{ task: 'items', args: [], options: undefined }]);
  });

  it('finds items and reports that could not cross', async () => {
    async function* items() {
      yield 1;
      yield { socket: () => undefined };
    }
    const report = () => taskContext().progress({ bar: Symbol('half') });
    const pool = testPool({ tasks: { items, report } });
    const read: unknown[] = [];
    const reading = (async () => {
      for await (const item of pool.stream('items')) read.push(item);
    })();
    expect(await rejectionOf(reading)).toMatchObject({ code: 'TASK_CLONE', path: 'items[1].socket' });
    expect(read).toEqual([1]);
    expect(await rejectionOf(pool.run('report'))).toMatchObject({ code: 'TASK_CLONE', path: 'progress.bar' });
  });

  it('hears copies of what tasks report', async () => {
    const report = { done: 0 };
    const work = async () => {
      for (report.done = 1; report.done <= 3; report.done++) taskContext().progress(report);
    };
    const heard: unknown[] = [];
    await testPool({ tasks: { work } }).run('work', [], { onProgress: (value) => heard.push(value) });
    expect(heard).toEqual([{ done: 1 }, { done: 2 }, { done: 3 }]);
  });

  it('takes along what carriers capture, as a copy', async () => {
    const storage = new AsyncLocalStorage<{ id: string }>();
    const carrier: ContextCarrier<{ id: string }> = {
      name: 'requests',
      capture: () => storage.getStore(),
      run: (captured, task, about) => storage.run({ id: `${captured.id} in ${about.task} #${about.workerId}` }, task),
    };
    const look = () => storage.getStore() ?? null;
    const pool = testPool({ tasks: { look }, context: [carrier] });
    expect(await storage.run({ id: 'r1' }, () => pool.run('look'))).toEqual({ id: 'r1 in look #1' });
    expect(await pool.run('look')).toBeNull();
    const leaking = () => pool.run('look');
    const error = await rejectionOf(storage.run({ id: (() => 1) as never }, leaking));
    expect(error).toMatchObject({ code: 'TASK_CLONE', path: 'context.requests.id' });
  });

  it('keeps what it was asked for, refused calls, groups and maps included', async () => {
    const pool = testPool();
    await pool.run('add', [1, 2], { timeoutMs: 500 });
    await rejectionOf(pool.run('nope'));
    await collect(pool.map('echo', [1, 2]));
    await collect(
      pool.map(
        'echo',
        (async function* () {
          yield 3;
        })(),
      ),
    );
    const group = pool.group();
    void group.run('echo', ['in a group']);
    await group.wait();
    expect(await pool.broadcast('echo', ['to all'])).toEqual(['to all']);
    expect(pool.calls).toEqual([
      { task: 'add', args: [1, 2], options: { timeoutMs: 500 } },
      { task: 'nope', args: [], options: undefined },
      ...[1, 2, 3].map((item) => ({ task: 'echo', args: [item], options: undefined })),
      { task: 'echo', args: ['in a group'], options: undefined },
      { task: 'echo', args: ['to all'], options: undefined },
    ]);
  });

  it('leaves it to the pool to refuse what cannot be mapped', async () => {
    const pool = testPool();
    const items = 5 as unknown as number[];
    expect(() => pool.map('echo', items)).toThrow(PoolConfigError);
  });

  it('of kind async is the real one: nothing is copied, and no worker can crash', async () => {
    const clock = new VirtualClock();
    const pool = testPool({ kind: 'async', tasks: { echo: (value: unknown) => value }, clock });
    const basket = {};
    expect(await pool.run('echo', [basket])).toBe(basket);
    expect(pool.calls).toHaveLength(1);
    expect(() => pool.workers).toThrow("pool 'test' is of kind 'async': it has slots, and no workers");
  });

  it.each([
    ['no tasks', { tasks: undefined }, "pool 'test': tasks is undefined, but must be an object."],
    ['nothing', { tasks: {} }, "pool 'test': tasks is empty. Give functions by their names"],
    ['no functions', { tasks: { a: 1, b: 2 } }, "pool 'test': tasks has no function; it has a, b. Give functions by"],
    ['a file that is not there', { tasks: '/nowhere/tasks.js' }, 'there is no such file'],
    ['a clock that is none', { clock: { now: 1 } }, "pool 'test': clock is an object, but must be a VirtualClock"],
    ['errors that are none', { errors: [class Plain {}] }, "errors: 'Plain' cannot be revived"],
    ['a boot that takes no time', { bootMs: 0 }, "pool 'test': bootMs is 0, but must be a number of milliseconds"],
    ['options that there are not', { sizes: {} }, "Did you mean 'size'?"],
    ['a size out of range', { size: { max: 0 } }, "pool 'test': size.max is 0"],
  ])('refuses %s', (_, options, message) => {
    const wrong = { name: 'test', tasks: basics, ...options } as unknown as TestPoolOptions;
    expect(() => createTestPool(wrong)).toThrow(PoolConfigError);
    expect(() => createTestPool(wrong)).toThrow(message);
  });

  it('that cannot load its file says why', async () => {
    const pool = testPool({ tasks: new URL('../../fixtures/tasks/empty.js', import.meta.url) });
    const error = await rejectionOf(pool.ready());
    expect(error.cause).toBeInstanceOf(PoolConfigError);
    expect(error.message).toContain('exports no function');
  });
});
