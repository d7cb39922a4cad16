import { setEnvironmentData } from 'node:worker_threads';
import { expect, vi } from 'vitest';
import type { Pool, PoolOptions } from '../../../lib/entries/core.js';
import { WORDS_PER_TASK } from '../../fixtures/tasks/batch.js';
import { threadPool } from './thread-pool.js';

const TASKS = [
  'number',
  'text',
  'object',
  'later',
  'spin',
  'given',
  'hold',
  'wait',
  'exit',
  'timeBomb',
  'fatalResult',
  'exhaustMemory',
] as const;
/** Runs after which even a first one that was slow is forgotten. */
const LESSONS = 100;

/** What the tasks of `fixtures/tasks/batch` have left in the memory that they share with the test. */
export class Marks {
  readonly #words: Int32Array;

  /** Threads that are started from now on mark this memory. */
  constructor(tasks: number) {
    const memory = new SharedArrayBuffer(4 * WORDS_PER_TASK * tasks);
    this.#words = new Int32Array(memory);
    setEnvironmentData('marks', memory as never);
  }

  begun(id: number): number {
    return Atomics.load(this.#words, id * WORDS_PER_TASK);
  }

  ended(id: number): number {
    return Atomics.load(this.#words, id * WORDS_PER_TASK + 1);
  }

  /** How often the tasks of these numbers have begun. */
  begunOf(ids: readonly number[]): number[] {
    return ids.map((id) => this.begun(id));
  }

  /** Lets a task that holds, or will hold, end. */
  release(id: number): void {
    Atomics.store(this.#words, id * WORDS_PER_TASK + 2, 1);
  }

  hasBegun(id: number): Promise<void> {
    return vi.waitFor(() => expect(this.begun(id)).toBeGreaterThan(0), { timeout: 10_000, interval: 1 });
  }
}

/** A pool of one thread, unless said otherwise, that has learned how short all tasks of `fixtures/tasks/batch` are. */
export async function batchPool(options: Partial<PoolOptions> = {}): Promise<{ pool: Pool; marks: Marks }> {
  const marks = new Marks(1_000);
  const pool = threadPool('batch', { size: { max: 1 }, ...options });
  await pool.ready();
  await learn(pool);
  return { pool, marks };
}

/** Lets a pool over `fixtures/tasks/batch` learn that its tasks are short, so that they are sent ahead. */
export async function learn(pool: Pool, tasks: readonly string[] = TASKS): Promise<void> {
  for (const task of tasks) await Promise.allSettled(Array.from({ length: LESSONS }, () => pool.run(task, [-1, 0])));
}

/** Once what was submitted in this turn has been sent. */
export function sent(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

/** Numbers from `from`, `count` of them. */
export function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}
