import { PoolConfigError } from '../../../core/errors.js';
import { loadCarriers, type PlannedCarrier } from '../../context/load-carriers.js';
import { isTypeScript } from '../../typescript/source-files.js';
import { importFailure } from '../import-failure.js';
import { loadFile } from '../load-file.js';
import { exportedValues, tasksOf } from '../module-tasks.js';
import { serveTasks } from './serve-tasks.js';
import { inSurroundings } from './in-surroundings.js';

/** Plan of a thread that serves the functions of one module. */
export interface ModulePlan {
  readonly pool: string;
  readonly file: string;
  /** Default: none. */
  readonly carriers?: readonly PlannedCarrier[];
}

serveTasks(async (plan) => {
  const { pool, file, carriers = [] } = plan as ModulePlan;
  const module = await loadModule(pool, file);
  const tasks = tasksOf(module);
  if (tasks.size > 0) {
    return inSurroundings({ tasks }, await loadCarriers(pool, carriers, { file, exported: exportedValues(module) }));
  }
  throw new PoolConfigError(
    `pool '${pool}': tasks names ${file}, which exports no function. Export one function for each task.`,
    { pool },
  );
});

/** What goes wrong in the import of a compiled module is the module's own error. */
async function loadModule(pool: string, file: string): Promise<Record<string, unknown>> {
  try {
    return await loadFile(file);
  } catch (cause) {
    throw isTypeScript(file) ? importFailure({ pool, what: 'the tasks', file, cause }) : cause;
  }
}
