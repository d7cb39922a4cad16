import type { PlannedCarrier } from '../engines/context/load-carriers.js';
import type { PackedModules } from '../engines/thread/packed-modules.js';
import type { TaskBinding } from './exploration.js';
import { locateClass } from './locate-class.js';
import { packForWorkers } from './pack-for-workers.js';
import type { PoolCode } from './pool-code.js';
import { poolWorkerOf } from './pool-worker-metadata.js';
import { declaringFile, type AnyClass } from './pooled-methods.js';

/** What a worker of a Nest pool is told at its birth. */
export interface WorkerPlan {
  readonly pool: string;
  /** All pools of the application: inside a worker they can be injected, but not used. */
  readonly pools: readonly string[];
  readonly classes: readonly PlannedClass[];
  /** What puts the surroundings of calls around tasks, the outermost first. */
  readonly carriers: readonly PlannedCarrier[];
  /** The module to boot; `null`: the classes' own files, or what the entry brings. */
  readonly module: {
    readonly file: string;
    readonly exportName: string | null;
    readonly className: string | null;
  } | null;
  /** What the worker need not load from disk, where it has been packed by now; not for entries of the user's making. */
  readonly packed: PackedModules | null;
}

/** A class whose methods the worker runs. */
export interface PlannedClass {
  readonly className: string;
  /** File URL, or `null` where it is not known. */
  readonly file: string | null;
  /** The application provides it by a scope: one for each call. What the class says of itself, the worker sees. */
  readonly isScoped: boolean;
  readonly tasks: readonly { readonly name: string; readonly method: string }[];
}

export function planWorker(
  pool: string,
  pools: Iterable<string>,
  code: PoolCode,
  bindings: readonly TaskBinding[],
  { scoped, carriers }: { readonly scoped: ReadonlySet<AnyClass>; readonly carriers: readonly PlannedCarrier[] },
): WorkerPlan {
  const byClass = new Map<AnyClass, TaskBinding[]>();
  for (const binding of bindings) byClass.set(binding.cls, [...(byClass.get(binding.cls) ?? []), binding]);
  const classes = [...byClass].map(([cls, tasks]) => ({
    className: cls.name,
    file: code.from === 'files' ? fileOf(cls) : declaringFile(cls),
    isScoped: scoped.has(cls),
    tasks: tasks.map(({ task, method }) => ({ name: task, method: method.method })),
  }));
  const module =
    code.from === 'module' ? { file: code.file.href, exportName: code.exportName, className: code.className } : null;
  const packed = code.from === 'entry' ? null : packForWorkers();
  return { pool, pools: [...pools], classes, carriers, module, packed };
}

/** The files that a worker without an entry of its own loads: the module's, else those of the classes; and of carriers. */
export function plannedFiles({ classes, carriers, module }: WorkerPlan): string[] {
  return [...(module ? [module] : classes), ...carriers].flatMap(({ file }) => file ?? []);
}

/** A decorator inside the class has noted its file; of a subclass without one, V8 knows it. */
export function fileOf(cls: AnyClass): string | null {
  return declaringFile(cls) ?? poolWorkerOf(cls)?.file ?? locateClass(cls)?.href ?? null;
}
