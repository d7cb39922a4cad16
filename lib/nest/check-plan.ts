import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PoolConfigError } from '../core/errors.js';
import { checkTypeScript } from '../engines/typescript/check-swc.js';
import { isClosedBundle, looksBundled } from './bundle-signs.js';
import { exportState } from './export-state.js';
import {
  bundledClassError,
  carrierFileError,
  carrierMainScriptError,
  carrierNotExportedError,
  mainScriptError,
  noFileError,
  notExportedError,
  WAYS_OUT,
} from './load-errors.js';
import { restartsApplication } from './main-script.js';
import type { PlannedClass, WorkerPlan } from './worker-plan.js';

/**
 * Refuses, before any thread starts, classes that workers certainly cannot load from their files.
 * @throws PoolConfigError naming class, file and the ways out.
 */
export function checkPlannedFiles({ pool, classes }: WorkerPlan): void {
  for (const planned of classes) {
    if (planned.file === null) throw noFileError(pool, planned);
    const source = readSource(pool, planned);
    checkTypeScript(pool, `class ${planned.className}`, planned.file);
    const fault = faultOf(planned, planned.file, source);
    if (fault) throw fault(pool, planned);
  }
}

/** What speaks against a worker's importing the file, as the error to tell it by. */
function faultOf({ className }: PlannedClass, file: string, source: string) {
  const isHidden = exportState(source, className) === 'hidden';
  const isRestart = restartsApplication(file, source);
  if (isClosedBundle(source)) return bundledClassError;
  if ((isHidden || isRestart) && looksBundled(source)) return bundledClassError;
  if (isRestart) return mainScriptError;
  return isHidden ? notExportedError : null;
}

/**
 * Refuses, before any thread starts, carriers that workers certainly cannot load from their files.
 * @throws PoolConfigError naming carrier, file and the ways out.
 */
export function checkPlannedCarriers({ pool, carriers }: WorkerPlan): void {
  for (const planned of carriers) {
    if (planned.file === null) throw carrierFileError(pool, planned);
    const source = sourceOf(planned.file);
    if (source === null) continue;
    if (exportState(source, planned.name) === 'hidden') throw carrierNotExportedError(pool, planned);
    if (restartsApplication(planned.file, source)) throw carrierMainScriptError(pool, planned);
  }
}

/** `null` where it cannot be read: the worker that tries will say why. */
export function sourceOf(file: string): string | null {
  try {
    return readFileSync(fileURLToPath(file), 'utf8');
  } catch {
    return null;
  }
}

/** Refuses a `workerModule` in the file that would start the application again. */
export function checkPlannedModule({ pool, module }: WorkerPlan): void {
  if (!module) return;
  checkTypeScript(pool, 'workerModule', module.file);
  const source = readFileSync(fileURLToPath(module.file), 'utf8');
  if (!restartsApplication(module.file, source)) return;
  throw new PoolConfigError(
    `pool '${pool}': workerModule is in ${module.file}, the file this process was started with; a worker that imports it would start the application again. Move the module to a file of its own.`,
    { pool },
  );
}

function readSource(pool: string, { className, file }: PlannedClass): string {
  try {
    return readFileSync(fileURLToPath(file!), 'utf8');
  } catch (cause) {
    throw new PoolConfigError(
      `pool '${pool}': class ${className} was declared by ${file}, which workers cannot read. Keep the built file in its place, ${WAYS_OUT}.`,
      { pool, cause },
    );
  }
}
