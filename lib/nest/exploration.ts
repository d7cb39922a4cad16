import { PoolConfigError, PoolNotFoundError } from '../core/errors.js';
import { suggest } from '../core/validate.js';
import type { Provided } from './provided-classes.js';
import { pooledMethods, taskName, type AnyClass, type PooledMethod } from './pooled-methods.js';

/** A pooled method of a class that the application provides. */
export interface TaskBinding {
  readonly pool: string;
  readonly task: string;
  readonly cls: AnyClass;
  readonly method: PooledMethod;
}

/** Everything pooled in an application: per class, its tasks. */
export type Exploration = ReadonlyMap<AnyClass, readonly TaskBinding[]>;

/**
 * Finds the pooled methods of the provided classes.
 * @throws PoolNotFoundError for a method on a pool that does not exist; PoolConfigError for two tasks of one name.
 */
export function explore(provided: readonly Provided[], pools: Iterable<string>): Exploration {
  const known = new Set(pools);
  const byName = new Map<string, TaskBinding>();
  const found = new Map<AnyClass, TaskBinding[]>();
  for (const { cls } of provided) {
    if (found.has(cls)) continue;
    const bindings = [...pooledMethods(cls).values()].map((method) => bind(cls, method));
    for (const binding of bindings) {
      if (!known.has(binding.pool))
        throw unknownPool(`@PooledTask on ${cls.name}.${binding.method.method}`, binding.pool, known);
      const key = JSON.stringify([binding.pool, binding.task]);
      const twin = byName.get(key);
      if (twin) throw duplicate(twin, binding);
      byName.set(key, binding);
    }
    if (bindings.length > 0) found.set(cls, bindings);
  }
  return found;
}

/** The error for a name that is no pool's; `who` named it. */
export function unknownPool(who: string, name: string, known: ReadonlySet<string>): PoolNotFoundError {
  const list = known.size > 0 ? [...known].join(', ') : 'none';
  return new PoolNotFoundError(
    `${who}: there is no pool '${name}'.${suggest(name, known)} Pools of this application: ${list}.`,
    { pool: name },
  );
}

function bind(cls: AnyClass, method: PooledMethod): TaskBinding {
  return { pool: method.options.pool, task: taskName(cls, method), cls, method };
}

/** Both have it from one base, whose decorator names it. */
function inheritedTwice(first: TaskBinding, second: TaskBinding): PoolConfigError {
  const { pool, task, method } = second;
  return new PoolConfigError(
    `pool '${pool}': ${first.cls.name} and ${second.cls.name} inherit ${method.method} from one class, whose @PooledTask names it '${task}', so both would be that task. Leave name out there: each is then called after its own class. Or override ${method.method} in one of them, with a name of its own.`,
    { pool },
  );
}

function duplicate(first: TaskBinding, second: TaskBinding): PoolConfigError {
  if (first.method === second.method) return inheritedTwice(first, second);
  const told = ({ cls, method }: TaskBinding) => `${cls.name}.${method.method} (${method.file ?? 'file unknown'})`;
  return new PoolConfigError(
    `pool '${second.pool}': two methods are the task '${second.task}': ${told(first)} and ${told(second)}. Give one of them another name: @PooledTask({ pool: '${second.pool}', name: '...' }).`,
    { pool: second.pool },
  );
}
