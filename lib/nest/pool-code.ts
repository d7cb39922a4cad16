import { statSync } from 'node:fs';
import type { Type } from '@nestjs/common';
import { PoolConfigError } from '../core/errors.js';
import { refusal, rejectUnknownKeys, requireObject } from '../core/validate.js';
import { checkWorkerFile } from '../engines/worker-file.js';
import type { NestPoolOptions, WorkerModuleFile } from './interfaces/module-options.js';
import { locateClass } from './locate-class.js';

/** `files`: the files that declare the pooled classes. `tasks`: the pool's own module or record, as without Nest. */
export type PoolCode =
  | { readonly from: 'files' }
  | { readonly from: 'tasks' }
  | { readonly from: 'entry'; readonly file: URL }
  | {
      readonly from: 'module';
      readonly file: URL;
      readonly exportName: string | null;
      readonly className: string | null;
    };

/** Checks what the pool says about its code, files included. */
export function resolvePoolCode(pool: string, options: NestPoolOptions): PoolCode {
  const { kind = 'threads', tasks, entry, workerModule } = options;
  const roots = resolveRoots(pool, options.roots);
  const sources = { entry, workerModule, ...(kind === 'threads' ? { tasks } : {}) };
  const given = Object.entries(sources).flatMap(([key, value]) => (value === undefined ? [] : [key]));
  if (given.length > 1) {
    throw new PoolConfigError(
      `pool '${pool}': ${given.join(' and ')} each say where its threads find the code. Keep one of them.`,
      { pool },
    );
  }
  if (kind === 'async') {
    if (given.length === 0) return { from: 'tasks' };
    throw new PoolConfigError(`pool '${pool}': ${given[0]} is for kind 'threads'; an async pool runs on this thread.`, {
      pool,
    });
  }
  if (entry !== undefined)
    return { from: 'entry', file: checkWorkerFile({ pool, option: 'entry', file: entry, roots }) };
  if (workerModule !== undefined) return resolveWorkerModule(pool, workerModule, roots);
  if (tasks === undefined) return { from: 'files' };
  checkWorkerFile({ pool, option: 'tasks', file: tasks, roots });
  return { from: 'tasks' };
}

function resolveWorkerModule(
  pool: string,
  input: Type | WorkerModuleFile,
  roots: readonly URL[] | undefined,
): PoolCode {
  if (typeof input === 'function') {
    const located = locateClass(input);
    if (!located) {
      throw new PoolConfigError(
        `pool '${pool}': workerModule is ${input.name}, and which file declares it cannot be told here. Name the file: workerModule: { file: new URL('./${input.name}.js', import.meta.url), export: '${input.name}' }.`,
        { pool },
      );
    }
    const file = checkWorkerFile({ pool, option: 'workerModule', file: located, roots });
    return { from: 'module', file, exportName: null, className: input.name };
  }
  const place = { pool, option: 'workerModule' };
  const given = requireObject(place, input);
  rejectUnknownKeys('workerModule', given, ['file', 'export'], pool);
  if (given.export !== undefined && typeof given.export !== 'string') {
    throw refusal({ pool, option: 'workerModule.export' }, given.export, "the name of the file's export");
  }
  const file = checkWorkerFile({ pool, option: 'workerModule.file', file: given.file, roots });
  return { from: 'module', file, exportName: given.export ?? null, className: null };
}

function resolveRoots(pool: string, roots: unknown): readonly URL[] | undefined {
  if (roots === undefined) return undefined;
  const isList = Array.isArray(roots) && roots.every((root) => root instanceof URL && root.protocol === 'file:');
  if (!isList) throw refusal({ pool, option: 'roots' }, roots, 'an array of file: URLs of directories');
  for (const root of roots as URL[]) {
    if (statSync(root, { throwIfNoEntry: false })?.isDirectory()) continue;
    throw refusal({ pool, option: 'roots' }, root.href, 'directories that exist');
  }
  return roots as URL[];
}
