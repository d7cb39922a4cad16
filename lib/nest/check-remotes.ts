import { PoolConfigError } from '../core/errors.js';
import type { TaskBinding } from './exploration.js';
import type { Provided } from './provided-classes.js';
import type { NestPool } from './resolve-module-options.js';

/**
 * Refuses classes under `remote()` in pools that would need them on the main thread, before any thread starts.
 * @throws PoolConfigError naming pool, class, option and the ways out.
 */
export function checkRemotes(
  provided: readonly Provided[],
  tasks: readonly TaskBinding[],
  pools: ReadonlyMap<string, NestPool>,
): void {
  const remotes = new Set(provided.filter(({ isRemote }) => isRemote).map(({ cls }) => cls));
  for (const { cls, pool } of tasks) {
    if (!remotes.has(cls)) continue;
    const problem = problemOf(pools.get(pool)!);
    if (!problem) continue;
    throw new PoolConfigError(
      `pool '${pool}': ${problem.reason}, and of ${cls.name} there is none, since it is provided by remote(${cls.name}). Provide ${cls.name} itself, ${problem.wayOut}.`,
      { pool, option: problem.option },
    );
  }
}

function problemOf({ options }: NestPool): { option: string; reason: string; wayOut: string } | null {
  if (options.kind === 'async') {
    const reason = "kind is 'async', so it runs methods on the instances of this thread";
    return { option: 'kind', reason, wayOut: "or make it a pool of kind 'threads'" };
  }
  if (options.queue?.overflow === 'caller-runs') {
    const reason = "queue.overflow is 'caller-runs', which runs methods on an instance of this thread";
    return { option: 'queue.overflow', reason, wayOut: "or set overflow to 'reject', 'wait' or 'drop-oldest'" };
  }
  if (options.inlineBelowUs === undefined) return null;
  const reason = 'inlineBelowUs is set, which runs short methods on an instance of this thread';
  return { option: 'inlineBelowUs', reason, wayOut: 'or leave inlineBelowUs out, of defaults as well' };
}
