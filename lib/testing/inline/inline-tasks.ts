import type { PoolOptions, TaskFn } from '../../core/contract/pool-options.js';
import { PoolConfigError, TaskNotFoundError } from '../../core/errors.js';
import { requireObject } from '../../core/validate.js';
import { tasksOf, type TaskMap } from '../../engines/thread/module-tasks.js';
import { checkWorkerFile } from '../../engines/worker-file.js';
import type { InlineCode } from './open-inline-pool.js';

/**
 * The functions that an inline pool runs: of a record, of a module's namespace, or of a file, which is imported when the
 * first worker boots.
 * @throws PoolConfigError for a file that is missing, and for what has no functions.
 */
export function inlineTasks(pool: string, tasks: PoolOptions['tasks']): InlineCode {
  if (typeof tasks !== 'string' && !(tasks instanceof URL)) return serving(pool, given(pool, tasks));
  const file = checkWorkerFile({ pool, option: 'tasks', file: tasks });
  return servedBy(pool, async () =>
    requireTasks(pool, tasksOf((await import(file.href)) as Record<string, unknown>), file.href),
  );
}

/** Serves functions that are there. */
export function serving(pool: string, tasks: TaskMap): InlineCode {
  return servedBy(pool, () => tasks);
}

/** Serves what `load` gives, which is asked at every boot. */
export function servedBy(pool: string, load: () => TaskMap | Promise<TaskMap>): InlineCode {
  return {
    boot: async () => ({ tasks: await load() }),
    async runHere(name, args) {
      const task = (await load()).get(name);
      if (task) return task(...args);
      throw new TaskNotFoundError(`pool '${pool}' has no task '${name}' that this thread could run.`, { pool });
    },
  };
}

function given(pool: string, tasks: unknown): TaskMap {
  const place = { pool, option: 'tasks' };
  // A module's namespace is no plain object, but an object.
  const record = requireObject(place, tasks) as Readonly<Record<string, TaskFn>>;
  const found = tasksOf(record);
  if (found.size > 0) return found;
  const names = Object.keys(record).join(', ');
  throw new PoolConfigError(
    `pool '${pool}': tasks ${names ? `has no function; it has ${names}` : 'is empty'}. Give functions by their names, or what a module exports.`,
    place,
  );
}

function requireTasks(pool: string, tasks: TaskMap, file: string): TaskMap {
  if (tasks.size > 0) return tasks;
  throw new PoolConfigError(
    `pool '${pool}': tasks names ${file}, which exports no function. Export one function for each task.`,
    { pool },
  );
}
