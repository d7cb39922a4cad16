import 'reflect-metadata';
import { importFailure } from '../../engines/thread/import-failure.js';
import { importInTurn } from '../../engines/thread/import-in-turn.js';
import { loadFile } from '../../engines/thread/load-file.js';
import { exportedValues } from '../../engines/thread/module-tasks.js';
import { noFileError, notExportedError, WAYS_OUT } from '../load-errors.js';
import { pooledMethods, type AnyClass } from '../pooled-methods.js';
import type { PlannedClass, WorkerPlan } from '../worker-plan.js';

/** A class of the plan, and what it is in this thread. */
export interface LoadedClass {
  readonly planned: PlannedClass;
  readonly cls: AnyClass;
}

/**
 * Imports the files of the plan and finds the classes among their exports.
 * @throws PoolConfigError naming class, file and the ways out.
 */
export function loadClasses(plan: WorkerPlan): Promise<LoadedClass[]> {
  return importInTurn(plan.classes, async (planned) => ({ planned, cls: await loadClass(plan.pool, planned) }));
}

async function loadClass(pool: string, planned: PlannedClass): Promise<AnyClass> {
  if (planned.file === null) throw noFileError(pool, planned);
  const exported = exportedValues(await importFile(pool, `class ${planned.className}`, planned.file));
  const candidates = exported.filter((value) => isClass(value) && hasTasks(value, planned)) as AnyClass[];
  const found = candidates.find((cls) => cls.name === planned.className) ?? onlyOne(candidates);
  if (!found) throw notExportedError(pool, planned);
  return found;
}

/** Imports a file; `what` is looked for in it. */
export async function importFile(pool: string, what: string, file: string): Promise<Record<string, unknown>> {
  try {
    return await loadFile(file);
  } catch (cause) {
    throw importFailure({ pool, what, file, cause, remedy: `Make it load in a worker thread, ${WAYS_OUT}` });
  }
}

export function hasTasks(cls: AnyClass, { tasks }: PlannedClass): boolean {
  const methods = pooledMethods(cls);
  return tasks.every(({ method }) => methods.has(method));
}

export function isClass(value: unknown): value is AnyClass {
  return typeof value === 'function' && typeof value.prototype === 'object' && value.prototype !== null;
}

/** A class may go by another name here, when a tool renamed it on one side. */
function onlyOne(candidates: readonly AnyClass[]): AnyClass | undefined {
  return candidates.length === 1 ? candidates[0] : undefined;
}
