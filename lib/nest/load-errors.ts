import { PoolConfigError } from '../core/errors.js';
import type { PlannedCarrier } from '../engines/context/load-carriers.js';
import type { PlannedClass } from './worker-plan.js';

/** The ways out when a worker cannot load or build a class by itself. */
export const WAYS_OUT =
  'or set workerModule of the pool to a module that provides it, or entry to a worker file of your own that calls runPoolWorker([SomeModule])';

/** The ways out for a class that wants the request in a worker. */
export const WAYS_AROUND_REQUEST =
  'Pass what the task needs of it as an argument; put @Optional() before @Inject(REQUEST) where the method does without; or provide a stand-in for workers: @PoolWorker({ providers: [{ provide: REQUEST, useValue: ... }] }).';

/** The way out of a bundle. */
const ENTRY_OF_BUNDLE =
  "set entry of the pool to a second bundle beside the first, built from a file that calls runPoolWorker([SomeModule]) of 'nestjs-dynamic-pool/worker'";

export function noFileError(pool: string, { className }: PlannedClass): PoolConfigError {
  return new PoolConfigError(
    `pool '${pool}': which file declares class ${className} cannot be told, so no worker can load it. Decorate a method of ${className} itself with @PooledTask, or the class with @PoolWorker({}), ${WAYS_OUT}.`,
    { pool },
  );
}

/** A worker left because its entry gave it nothing to do. */
export function idleEntryError(pool: string, file: string, cause: unknown): PoolConfigError {
  return new PoolConfigError(
    `pool '${pool}': its entry is ${file}, which came to its end without calling runPoolWorker(). Let it call runPoolWorker([SomeModule]), from nestjs-dynamic-pool/worker, where it loads, or name another file.`,
    { pool, cause },
  );
}

export function notExportedError(pool: string, { className, file }: PlannedClass): PoolConfigError {
  return new PoolConfigError(
    `pool '${pool}': class ${className} has methods under @PooledTask, but ${file} does not export it, so no worker can load it. Write export class ${className}, ${WAYS_OUT}.`,
    { pool },
  );
}

/** A class in a bundle, which is no file that a worker could load by itself. */
export function bundledClassError(pool: string, { className, file }: PlannedClass): PoolConfigError {
  return new PoolConfigError(
    `pool '${pool}': class ${className} is in the bundle ${file}, and a worker that imports a bundle starts the application again. Name an entry: ${ENTRY_OF_BUNDLE}.`,
    { pool },
  );
}

/** A class in the file that started the process, which may be a bundle. */
export function mainScriptError(pool: string, { className, file }: PlannedClass): PoolConfigError {
  return new PoolConfigError(
    `pool '${pool}': class ${className} is declared by ${file}, the file this process was started with; a worker that imports it would start the application again. Move ${className} to a file of its own; or, if that file is a bundle, name an entry: ${ENTRY_OF_BUNDLE}.`,
    { pool },
  );
}

/** This library is in a bundle itself, without the file that its threads would start with. */
export function bundledLibraryError(pool: string): PoolConfigError {
  return new PoolConfigError(
    `pool '${pool}': nestjs-dynamic-pool was taken into a bundle, and the file that its threads start with was not. Name an entry: ${ENTRY_OF_BUNDLE}.`,
    { pool },
  );
}

const CARRIER_WAYS_OUT =
  'or set workerModule or entry of the pool, and let the module that its workers boot provide POOL_CONTEXT too';

export function carrierFileError(pool: string, { name }: PlannedCarrier): PoolConfigError {
  return new PoolConfigError(
    `pool '${pool}': which file declares the carrier ${name} of POOL_CONTEXT cannot be told, so no worker can load it. Write it as a class in a file of its own, export class ${name}, and provide that, ${CARRIER_WAYS_OUT}.`,
    { pool },
  );
}

export function carrierNotExportedError(pool: string, { name, file }: PlannedCarrier): PoolConfigError {
  return new PoolConfigError(
    `pool '${pool}': the carrier ${name} of POOL_CONTEXT was declared by ${file}, which does not export it, so no worker can load it. Write export class ${name}, ${CARRIER_WAYS_OUT}.`,
    { pool },
  );
}

export function carrierMainScriptError(pool: string, { name, file }: PlannedCarrier): PoolConfigError {
  return new PoolConfigError(
    `pool '${pool}': the carrier ${name} of POOL_CONTEXT is declared by ${file}, the file this process was started with; a worker that imports it would start the application again. Move ${name} to a file of its own, ${CARRIER_WAYS_OUT}.`,
    { pool },
  );
}
