import 'reflect-metadata';
import { PoolConfigError } from '../../core/errors.js';
import type { TaskHost } from '../../engines/thread/task-host.js';
import type { Provided } from '../provided-classes.js';
import { pooledMethods, taskName } from '../pooled-methods.js';
import type { PlannedClass, WorkerPlan } from '../worker-plan.js';
import { exportedValues } from '../../engines/thread/module-tasks.js';
import { importFile, isClass } from './load-classes.js';
import { explained } from './missing-dependency.js';
import { bootContext, type WorkerRoot } from './worker-context.js';

const MODULE_KEYS = ['imports', 'providers', 'controllers', 'exports'];

/** Boots the module that the pool's `workerModule` names. */
export async function bootWorkerModule(plan: WorkerPlan, source: NonNullable<WorkerPlan['module']>): Promise<TaskHost> {
  const exports = await importFile(plan.pool, 'workerModule', source.file);
  const module = pickModule(plan.pool, source, exports);
  return bootModules(plan, [module], `workerModule ${nameOf(module)} (${source.file})`);
}

/** Boots modules, and takes the tasks from what they provide. */
export async function bootModules(
  plan: WorkerPlan,
  modules: readonly unknown[],
  title: string,
  extra: Pick<WorkerRoot, 'logger'> & { readonly providers: readonly unknown[] } = { providers: [] },
): Promise<TaskHost> {
  try {
    return await bootContext(plan, { imports: modules, carriers: null, title, ...extra }, isPlanned);
  } catch (error) {
    throw explained(plan.pool, error, () => ({ where: title, wayOut: 'Add what is missing to that module' }));
  }
}

/**
 * By the names of its tasks, since the module may be bundled: its classes then come from another file than on the main
 * thread, and may go by other names.
 */
function isPlanned({ cls }: Provided, { tasks }: PlannedClass): boolean {
  const methods = pooledMethods(cls);
  return tasks.every(({ name, method }) => {
    const found = methods.get(method);
    return found !== undefined && taskName(cls, found) === name;
  });
}

function pickModule(
  pool: string,
  source: NonNullable<WorkerPlan['module']>,
  exports: Record<string, unknown>,
): unknown {
  const { exportName, className, file } = source;
  const values = exportedValues(exports);
  const named = exportName === null ? undefined : exports[exportName];
  const found = exportName !== null ? named : className !== null ? byClassName(values, className) : onlyModule(exports);
  if (isModule(found)) return found;
  const wanted = exportName ?? className;
  const names = Object.keys(exports).join(', ') || 'nothing';
  throw new PoolConfigError(
    wanted === null
      ? `pool '${pool}': workerModule.file is ${file}, and which of its exports (${names}) is the module cannot be told. Name it: workerModule: { file, export: '...' }.`
      : `pool '${pool}': workerModule is ${wanted}, but ${file} exports no module of this name; it exports ${names}. Export it, or correct the name.`,
    { pool },
  );
}

function byClassName(values: readonly unknown[], className: string): unknown {
  return values.find((value) => isClass(value) && value.name === className);
}

/** The only module among the exports, else the default export. */
function onlyModule(exports: Record<string, unknown>): unknown {
  const modules = exportedValues(exports).filter(looksLikeModule);
  return modules.length === 1 ? modules[0] : exports.default;
}

function looksLikeModule(value: unknown): boolean {
  return isModule(value) && (!isClass(value) || MODULE_KEYS.some((key) => Reflect.hasOwnMetadata(key, value)));
}

/** A class, or a dynamic module. */
function isModule(value: unknown): boolean {
  return isClass(value) || (typeof value === 'object' && value !== null && 'module' in value);
}

function nameOf(module: unknown): string {
  const cls = isClass(module) ? module : (module as { module: { name: string } }).module;
  return cls.name;
}
