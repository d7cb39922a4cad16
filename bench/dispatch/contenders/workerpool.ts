import { fileURLToPath } from 'node:url';
import workerpool from 'workerpool';
import type { Contender } from './contender.js';

/**
 * Threads, with a dedicated worker script: functions sent along with each call would be parsed each time. It has no
 * setting for more than one task per worker. `queueStrategy: 'lifo'` is no faster, and starves whoever came first.
 */
export async function startWorkerpool(threads: number): Promise<Contender> {
  const pool = workerpool.pool(fileURLToPath(new URL('../workers/workerpool-worker.js', import.meta.url)), {
    workerType: 'thread',
    minWorkers: threads,
    maxWorkers: threads,
  });
  return {
    task: (name) => {
      if (name !== 'exchange') return (argument) => pool.exec(name, [argument]);
      return (buffer: ArrayBuffer) => pool.exec(name, [buffer], { transfer: [buffer] });
    },
  };
}
