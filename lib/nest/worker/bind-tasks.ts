import { forEachItem } from '../../engines/streams/each-item.js';
import { streamOf } from '../../engines/streams/stream-source.js';
import { transfer } from '../../engines/thread/worker/transfer.js';
import { collectTransferables } from '../../engines/thread/wire/transferables.js';
import { argumentsReviver, type ArgumentsReviver } from '../declared-revival.js';
import { pooledMethods, type AnyClass, type AnyMethod } from '../pooled-methods.js';
import type { PlannedClass } from '../worker-plan.js';

type TaskCall = (...args: unknown[]) => unknown;
export type TaskMap = Map<string, TaskCall>;

/** Where a task's instance comes from: one for all calls, or one for each. */
export type Instances = { readonly shared: object } | { readonly perCall: () => Promise<object> };

/** Makes the planned methods of a class tasks: the captured originals, on the worker's own instance. */
export function bindTasks(into: TaskMap, planned: PlannedClass, cls: AnyClass, instances: Instances): void {
  const methods = pooledMethods(cls);
  for (const { name, method } of planned.tasks) {
    const pooled = methods.get(method)!;
    const { original, options } = pooled;
    const call = accepting(argumentsReviver(cls, pooled), callOn(instances, original));
    const movesResult = options.transfer === 'result' || options.transfer === 'both';
    into.set(name, movesResult ? async (...args) => moved(await call(...args)) : call);
  }
}

function callOn(instances: Instances, original: AnyMethod): TaskCall {
  if ('shared' in instances) return (...args) => original.apply(instances.shared, args);
  return async (...args) => original.apply(await instances.perCall(), args);
}

/** Not before the call: what a class throws at an argument is the task's failure. */
function accepting(revive: ArgumentsReviver | null, call: TaskCall): TaskCall {
  return revive ? (...args) => call(...revive(args)) : call;
}

/** Of a stream, each of its items moves. */
function moved(result: unknown): unknown {
  return streamOf(result) ? forEachItem(result, movedItem) : movedItem(result);
}

function movedItem(item: unknown): unknown {
  return transfer(item, collectTransferables([item]));
}
