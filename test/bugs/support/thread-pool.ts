import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';
import type { Pool } from '../../../lib/core/contract/pool.js';
import type { PoolOptions } from '../../../lib/core/contract/pool-options.js';
import { createPool } from '../../../lib/entries/create.js';

/** A pool of real threads that serves `tasks.ts`; closed by force when the test ends, whatever its outcome. */
export function threadPool(options: Partial<PoolOptions> = {}): Pool {
  const pool = createPool({ name: 'bugs', tasks: new URL('./tasks.js', import.meta.url), scaling: false, ...options });
  onTestFinished(() => pool.close({ force: true }));
  return pool;
}

/** Every thread that the process creates from now on, as Node.js tells it: independent of what the pool counts. */
export function watchThreads(): Worker[] {
  const threads: Worker[] = [];
  const onThread = (message: unknown) => void threads.push((message as { worker: Worker }).worker);
  subscribe('worker_threads', onThread);
  onTestFinished(() => void unsubscribe('worker_threads', onThread));
  return threads;
}

/** A thread that exited has lost its id. */
export function isAlive(thread: Worker): boolean {
  return thread.threadId !== -1;
}
