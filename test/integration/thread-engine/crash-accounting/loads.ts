import type { Pool, RunOptions } from '../../../../lib/entries/core.js';
import { LARGE } from '../../../fixtures/tasks/batch.js';

/** One kind of task in a batch. */
export interface Load {
  /** A task of `fixtures/tasks/batch`. */
  readonly task: string;
  readonly moves: boolean;
  run(pool: Pool, id: number, options?: RunOptions): Promise<unknown>;
  expected(id: number): unknown;
}

const MOVED_BYTES = 64;

/** Results in the shared table and in messages, arguments packed and alone, tasks that run for a while, one that awaits. */
export const LOADS: readonly Load[] = [
  plain('number', (id) => id),
  plain('number', (id) => id),
  plain('text', (id) => `task ${id}`),
  plain('object', (id) => ({ id, list: [id] })),
  plain('large', (id) => Array.from({ length: LARGE }, () => id)),
  plain('later', (id) => id),
  spin(50),
  spin(300),
  spin(1_000),
  spin(1_000),
  {
    task: 'given',
    moves: false,
    run: (pool, id, options) => pool.run('given', [id, { id }], options),
    expected: (id) => ({ id }),
  },
  {
    task: 'moved',
    moves: true,
    run: (pool, id, options) => {
      const bytes = new Uint8Array(MOVED_BYTES);
      return pool.run('moved', [id, bytes], { ...options, transfer: [bytes.buffer] });
    },
    expected: () => MOVED_BYTES,
  },
];

function plain(task: string, expected: (id: number) => unknown): Load {
  return { task, moves: false, run: (pool, id, options) => pool.run(task, [id], options), expected };
}

function spin(us: number): Load {
  return {
    task: 'spin',
    moves: false,
    run: (pool, id, options) => pool.run('spin', [id, us], options),
    expected: (id) => id,
  };
}
