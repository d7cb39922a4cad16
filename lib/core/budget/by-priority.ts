import { PoolConfigError } from '../errors.js';
import { suggest } from '../validate.js';
import type { Claim } from './claim.js';
import type { Sharing } from './sharing.js';

/**
 * Floors first; of the rest the highest in rank has what it wants, then the next. So a want that cannot be met otherwise
 * lowers what others are entitled to, the lowest first. C2; S4 Q20.
 */
export function entitledByRank(workers: number, claims: readonly Claim[]): readonly number[] {
  let left = claims.reduce((rest, { min }) => rest - min, workers);
  return claims.map(({ min, want }) => {
    const above = Math.min(left, Math.max(0, want - min));
    left -= above;
    return min + above;
  });
}

/** `priorities` by the names of the pools, no two the same; the highest goes first. */
export function byPriority(priorities: ReadonlyMap<string, number>): Sharing {
  return {
    rankOf(pool) {
      const priority = priorities.get(pool);
      if (priority !== undefined) return -priority;
      const names = [...priorities.keys()];
      throw new PoolConfigError(
        `pool '${pool}': budget.priorities has no priority for it.${suggest(pool, names)} It has some for: ${names.join(', ')}.`,
        { pool },
      );
    },
    entitlements: entitledByRank,
  };
}
