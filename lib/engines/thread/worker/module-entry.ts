import { PoolConfigError } from '../../../core/errors.js';
import { tasksOf } from '../module-tasks.js';
import { serveTasks } from './serve-tasks.js';

/** Plan of a thread that serves the functions of one module. */
export interface ModulePlan {
  readonly pool: string;
  readonly file: string;
}

serveTasks(async (plan) => {
  const { pool, file } = plan as ModulePlan;
  const tasks = tasksOf((await import(file)) as Record<string, unknown>);
  if (tasks.size > 0) return { tasks };
  throw new PoolConfigError(
    `pool '${pool}': tasks names ${file}, which exports no function. Export one function for each task.`,
    { pool },
  );
});
