import { PoolConfigError } from '../core/errors.js';
import type { PlannedClass } from './worker-plan.js';

/** The ways out when a worker cannot load or build a class by itself. */
export const WAYS_OUT =
  'or set workerModule of the pool to a module that provides it, or entry to a worker file of your own that calls runPoolWorker([SomeModule])';

export function noFileError(pool: string, { className }: PlannedClass): PoolConfigError {
  return new PoolConfigError(
    `pool '${pool}': which file declares class ${className} cannot be told, so no worker can load it. Decorate a method of ${className} itself with @PooledTask, or the class with @PoolWorker({}), ${WAYS_OUT}.`,
    { pool },
  );
}

export function notExportedError(pool: string, { className, file }: PlannedClass): PoolConfigError {
  return new PoolConfigError(
    `pool '${pool}': class ${className} has methods under @PooledTask, but ${file} does not export it, so no worker can load it. Write export class ${className}, ${WAYS_OUT}.`,
    { pool },
  );
}
