import { afterEach, describe, expect, it, vi } from 'vitest';
import { finalize, range } from 'rxjs';
import { createPool, type Pool, type TaskFn } from '../../lib/entries/core.js';
import { taskContext } from '../../lib/entries/worker.js';
import { collect } from '../support/collect.js';
import { rejectionOf } from '../support/watch.js';

const pools: Pool[] = [];
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close({ force: true }))));

function asyncPool(tasks: Record<string, TaskFn>): Pool {
  const pool = createPool({ name: 'async', kind: 'async', size: { max: 2 }, tasks, scaling: false });
  pools.push(pool);
  return pool;
}

describe('streams of an async pool (P11)', () => {
  it('yield what the task yields, uncopied, and go no faster than they are read', async () => {
    const given = { same: true };
    let asked = 0;
    const pool = asyncPool({
      async *items() {
        for (;;) {
          asked++;
          yield given;
        }
      },
    });
    let read = 0;
    for await (const item of pool.stream('items')) {
      expect(item).toBe(given);
      read++;
      await new Promise((resolve) => setImmediate(resolve));
      expect(asked).toBeLessThanOrEqual(read + 16);
      if (read === 100) break;
    }
    expect(pool.snapshot().counters.cancelled).toBe(1);
  });

  it('left, run their finally and free the slot', async () => {
    const left: string[] = [];
    const pool = asyncPool({
      async *items() {
        try {
          for (let i = 0; ; i++) yield i;
        } finally {
          await new Promise((resolve) => setImmediate(resolve));
          left.push('async');
        }
      },
      *sync() {
        try {
          for (let i = 0; ; i++) yield i;
        } finally {
          left.push('sync');
        }
      },
      pushed: () => range(0, 30).pipe(finalize(() => left.push('pushed'))),
    });
    for (const task of ['items', 'sync', 'pushed']) {
      for await (const n of pool.stream<number>(task)) if (n === 5) break;
      await vi.waitFor(() => expect(left.at(-1)).toBe(task === 'items' ? 'async' : task), 10_000);
    }
    await vi.waitFor(() => expect(pool.snapshot()).toMatchObject({ busy: 0 }), 10_000);
  });

  it('end with a clear error where an Observable is 1,024 items ahead', async () => {
    const pool = asyncPool({ pushed: () => range(0, 10_000), few: () => range(0, 1_000) });
    expect(await rejectionOf(collect(pool.stream('pushed')))).toMatchObject({ code: 'STREAM_OVERFLOW', pool: 'async' });
    expect(await collect(pool.stream('few'))).toHaveLength(1_000);
  });

  it('keep the context of their task', async () => {
    const pool = asyncPool({
      async *items() {
        for (let i = 0; i < 3; i++) {
          await null;
          taskContext().progress(`at ${i}`);
          yield taskContext().workerId;
        }
      },
    });
    const heard: unknown[] = [];
    const onProgress = (value: unknown) => void heard.push(value);
    expect(await collect(pool.stream('items', [], { onProgress }))).toEqual([1, 1, 1]);
    expect(heard).toEqual(['at 0', 'at 1', 'at 2']);
  });
});
