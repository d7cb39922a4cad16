import { forEachItem } from '../../engines/streams/each-item.js';
import { streamOf } from '../../engines/streams/stream-source.js';
import { transfer } from '../../engines/thread/worker/transfer.js';
import { collectTransferables } from '../../engines/thread/wire/transferables.js';
import { argumentsReviver, type ArgumentsReviver } from '../declared-revival.js';
import { pooledMethods, type AnyClass, type AnyMethod, type PooledMethod } from '../pooled-methods.js';
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
    into.set(name, asDeclared(cls, pooled, callOn(instances, pooled.original)));
  }
}

/** The call with what the method's options say of its arguments and its result. */
export function asDeclared(cls: AnyClass, pooled: PooledMethod, call: TaskCall): TaskCall {
  const { transfer: moves } = pooled.options;
  const accepted = accepting(argumentsReviver(cls, pooled), call);
  return moves === 'result' || moves === 'both' ? async (...args) => moved(await accepted(...args)) : accepted;
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
