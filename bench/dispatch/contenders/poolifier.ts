import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { FixedThreadPool, type TasksQueueOptions } from 'poolifier';
import type { Contender } from './contender.js';

/**
 * A fixed pool without events, which cost an AsyncResource per task (6 % of a no-op). LEAST_USED, the default choice of
 * a worker, was level with ROUND_ROBIN and LEAST_BUSY; FAIR_SHARE and the weighted strategies are meant for long tasks,
 * and FAIR_SHARE had less than half the rate on short ones.
 *
 * Without a queue, which is the default, each task goes to a worker at once. With one, an idle worker can still steal a
 * task; eight are sent to a worker, since one at a time (the default) had a sixth of the rate on a window of no-ops.
 */
export async function startPoolifier(threads: number, queue?: TasksQueueOptions): Promise<Contender> {
  const pool = new FixedThreadPool<unknown>(
    threads,
    fileURLToPath(new URL('../workers/poolifier-worker.js', import.meta.url)),
    { enableEvents: false, enableTasksQueue: queue !== undefined, tasksQueueOptions: queue },
  );
  while (!pool.info.ready) await delay(5);
  return {
    task: (name) => {
      if (name !== 'exchange') return (argument) => pool.execute(argument, name);
      return (buffer: ArrayBuffer) => pool.execute(buffer, name, undefined, [buffer]);
    },
  };
}
