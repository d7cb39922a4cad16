import { PoolConfigError } from '../core/errors.js';
import type { TaskFn } from '../core/contract/pool-options.js';
import type { TaskBinding } from './exploration.js';

/** Goes ahead of the arguments of a call on an async pool: the instance whose method was called. */
export class Receiver {
  constructor(readonly instance: object) {}
}

/**
 * A decorated method as a task of an async pool, where the caller's own instance runs it. A call by name,
 * `pool.run('Mailer.send', ...)`, has none: `anyInstance` stands in.
 */
export function methodTask({ task, pool, method }: TaskBinding, anyInstance: () => object | null): TaskFn {
  return (...args) => {
    const [first, ...rest] = args as unknown[];
    if (first instanceof Receiver) return method.original.apply(first.instance, rest);
    const instance = anyInstance();
    if (instance) return method.original.apply(instance, args);
    throw new PoolConfigError(
      `pool '${pool}': '${task}' belongs to a class without a shared instance (request scope). Call the method, not the task by its name.`,
      { pool },
    );
  };
}
