import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createPool, type Pool, type PoolOptions } from '../../lib/entries/core.js';
import { taskContext } from '../../lib/entries/worker.js';
import { collect } from '../support/collect.js';
import { rejectionOf } from '../support/watch.js';

const pools: Pool[] = [];

function asyncPool(tasks: PoolOptions['tasks'], options: Partial<PoolOptions> = {}): Pool {
  const pool = createPool({ name: 'calls', kind: 'async', tasks, size: { max: 3 }, scaling: false, ...options });
  pools.push(pool);
  return pool;
}

afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close({ force: true }))));

/** A task that ends when the test says so. */
function gate() {
  let open!: (value: unknown) => void;
  const opened = new Promise((resolve) => (open = resolve));
  return { open, wait: () => opened };
}

describe('an async pool (P16)', () => {
  it('passes arguments and results as they are, functions included', async () => {
    const [argument, result] = [() => 1, new WeakMap()];
    const pool = asyncPool({ swap: (value: unknown) => (value === argument ? result : null) });
    expect(await pool.run('swap', [argument])).toBe(result);
  });

  it('hands on the very error that was thrown, also by a function that is not async', async () => {
    class Declined extends Error {}
    const error = new Declined('no');
    const pool = asyncPool({
      throws() {
        throw error;
      },
      rejects: () => Promise.reject(error),
    });
    expect(await rejectionOf(pool.run('throws'))).toBe(error);
    expect(await rejectionOf(pool.run('rejects'))).toBe(error);
    expect(pool.snapshot().counters).toMatchObject({ failed: 2, crashes: 0 });
  });

  it('runs as many at once as it has slots, and never calls a function on the stack of run()', async () => {
    const { open, wait } = gate();
    let running = 0;
    const pool = asyncPool({
      wait: () => {
        running++;
        return wait();
      },
    });
    await pool.resize(3);
    const calls = [1, 2, 3, 4].map(() => pool.run('wait'));
    expect(running).toBe(0);
    await setImmediate();
    expect(running).toBe(3);
    expect(pool.snapshot()).toMatchObject({ kind: 'async', busy: 3, queueDepth: 1 });
    expect(pool.snapshot().workers.map((worker) => worker.threadId)).toEqual([null, null, null]);
    open('done');
    expect(await Promise.all(calls)).toEqual(['done', 'done', 'done', 'done']);
  });

  it('gives each task its own signal and context, across awaits', async () => {
    const contexts: object[] = [];
    const pool = asyncPool({
      async look(signal: AbortSignal) {
        await setImmediate();
        contexts.push({ own: taskContext().signal === signal, attempt: taskContext().attempt });
      },
    });
    await pool.resize(2);
    const calls = [1, 2].map(() => pool.run('look', [new AbortController().signal]));
    await Promise.all(calls);
    expect(contexts).toEqual([
      { own: true, attempt: 1 },
      { own: true, attempt: 1 },
    ]);
  });

  it('aborts the task, which may end in peace within the grace', async () => {
    const heard: unknown[] = [];
    const pool = asyncPool({
      wait: (signal: AbortSignal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            heard.push(signal.reason);
            reject(signal.reason);
          });
        }),
    });
    await pool.ready();
    const controller = new AbortController();
    const call = pool.run('wait', [controller.signal]);
    await setImmediate();
    controller.abort('enough');
    expect(await rejectionOf(call)).toBe('enough');
    expect(heard).toEqual(['enough']);
    await vi.waitFor(() => expect(pool.snapshot().workers).toMatchObject([{ id: 1, state: 'idle' }]));
  });

  it('shows exact counts to a listener of the abort, and may be called by it', async () => {
    const pool = asyncPool({
      echo: (value: unknown) => value,
      wait: (signal: AbortSignal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            const { counters, busy, queueDepth } = pool.snapshot();
            const { submitted, completed, failed, cancelled, dropped } = counters;
            resolve(null);
            seen.push([submitted, completed + failed + cancelled + dropped + busy + queueDepth]);
            nested = pool.run('echo', ['from within']);
          });
        }),
    });
    const seen: number[][] = [];
    let nested: Promise<unknown> | undefined;
    await pool.ready();
    const controller = new AbortController();
    const call = rejectionOf(pool.run('wait', [controller.signal]));
    await setImmediate();
    controller.abort();
    await call;
    expect(seen).toEqual([[1, 1]]);
    expect(await nested).toBe('from within');
  });

  it('lets go of a task that ignores its abort: the slot is replaced, what the task returns is nobody’s', async () => {
    const { open, wait } = gate();
    const pool = asyncPool({ wait, echo: (value: unknown) => value }, { abortGraceMs: 20, size: { max: 1 } });
    await pool.ready();
    const controller = new AbortController();
    const call = rejectionOf(pool.run('wait', [], { signal: controller.signal }));
    await setImmediate();
    controller.abort('enough');
    expect(await call).toBe('enough');
    expect(await pool.run('echo', ['next'])).toBe('next');
    open('too late');
    await setImmediate();
    expect(pool.snapshot()).toMatchObject({
      workers: [{ id: 2, state: 'idle' }],
      counters: { submitted: 2, completed: 1, cancelled: 1, crashes: 0 },
    });
  });

  it('runs each task in the async context of its own caller, whoever made room for it', async () => {
    const storage = new AsyncLocalStorage<string>();
    const read = async () => {
      await setImmediate();
      return storage.getStore();
    };
    const pool = asyncPool({ read }, { size: { max: 1 } });
    const requests = ['first', 'second', 'third'];
    const calls = requests.map((request) => storage.run(request, () => pool.run('read')));
    expect(await Promise.all(calls)).toEqual(requests);
  });

  it('maps in the async context of the reader, as many at once as it has slots (P11)', async () => {
    const storage = new AsyncLocalStorage<string>();
    let [running, most] = [0, 0];
    const tell = async (item: number) => {
      most = Math.max(most, ++running);
      await setImmediate();
      running--;
      return `${storage.getStore()} ${item}`;
    };
    const pool = asyncPool({ tell }, { size: { min: 3, max: 3 } });
    const told = await storage.run('mine', () => collect(pool.map('tell', Array(20).keys())));
    expect(told).toEqual([...Array(20).keys()].map((item) => `mine ${item}`));
    expect(most).toBe(3);
  });

  it('knows its tasks before any worker is there', async () => {
    const pool = asyncPool({ echo: (value: unknown) => value });
    const error = await rejectionOf(pool.run('ehco'));
    expect(error.message).toBe(`pool 'calls' has no task 'ehco'. Did you mean 'echo'? Its tasks: echo.`);
    expect(pool.snapshot().counters.submitted).toBe(0);
  });
});
