import { transfer } from '../../engines/thread/worker/transfer.js';
import { collectTransferables } from '../../engines/thread/wire/transferables.js';
import { pooledMethods, type AnyClass, type AnyMethod } from '../pooled-methods.js';
import type { PlannedClass } from '../worker-plan.js';

export type TaskMap = Map<string, (...args: unknown[]) => unknown>;

/** Where a task's instance comes from: one for all calls, or one for each. */
export type Instances = { readonly shared: object } | { readonly perCall: () => Promise<object> };

/** Makes the planned methods of a class tasks: the captured originals, on the worker's own instance. */
export function bindTasks(into: TaskMap, planned: PlannedClass, cls: AnyClass, instances: Instances): void {
  const methods = pooledMethods(cls);
  for (const { name, method } of planned.tasks) {
    const { original, options } = methods.get(method)!;
    const call = callOn(instances, original);
    const movesResult = options.transfer === 'result' || options.transfer === 'both';
    into.set(name, movesResult ? async (...args) => moved(await call(...args)) : call);
  }
}

function callOn(instances: Instances, original: AnyMethod): (...args: unknown[]) => unknown {
  if ('shared' in instances) return (...args) => original.apply(instances.shared, args);
  return async (...args) => original.apply(await instances.perCall(), args);
}

function moved(result: unknown): unknown {
  return transfer(result, collectTransferables([result]));
}
