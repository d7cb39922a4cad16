import { Piscina } from 'piscina';
import type { Contender } from './contender.js';

/**
 * `recordTiming: false` saves two clock readings and two histogram entries per task. The queue is FixedQueue, by
 * default. Threads never expire.
 *
 * `concurrentTasksPerWorker` is meant for tasks that await, but it lets messages queue at the worker, which is what
 * makes short tasks fast: 1 is the default, 8 a usual choice, 64 sends a whole window at once. `atomics: 'sync'`, where
 * idle threads sleep on shared memory, is the documented choice for speed and measured ahead at 1 and 8; at 64 `async`
 * was ahead on asynchronous no-ops, bursts and objects, and about level on the rest. `disabled` was mostly behind.
 */
export async function startPiscina(
  threads: number,
  concurrentTasksPerWorker: number,
  atomics: 'sync' | 'async' = 'sync',
): Promise<Contender> {
  const pool = new Piscina({
    filename: new URL('../workers/piscina-worker.js', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Infinity,
    recordTiming: false,
    concurrentTasksPerWorker,
    atomics,
  });
  return {
    task: (name) => {
      const options = { name };
      if (name !== 'exchange') return (argument) => pool.run(argument, options);
      return (buffer: ArrayBuffer) => pool.run(buffer, { name, transferList: [buffer] });
    },
  };
}
