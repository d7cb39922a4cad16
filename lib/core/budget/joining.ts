import { PoolConfigError } from '../errors.js';
import { refusal, rejectUnknownKeys, requireInteger, requireObject, suggest } from '../validate.js';
import { freeOf, type Claim } from './claim.js';
import type { BudgetPool } from './member.js';

/** The most workers that a pool can have. */
const MOST_WORKERS = 1_024;

/** The pool, checked, and frozen as it is now. */
export function requirePool(pool: BudgetPool): BudgetPool {
  const given = requireObject({ option: 'budget.join(pool)' }, pool);
  const { name } = given;
  if (typeof name !== 'string' || name === '') throw refusal({ option: 'budget.join(pool).name' }, name, 'a name');
  rejectUnknownKeys('budget.join(pool)', given, ['name', 'min', 'max', 'initial'], name);
  const at = (option: string) => ({ pool: name, option: `budget.join(pool).${option}` });
  const min = requireInteger(at('min'), given['min'], 1, MOST_WORKERS);
  const max = requireInteger(at('max'), given['max'], min, MOST_WORKERS);
  const initial = requireInteger(at('initial'), given['initial'], min, max);
  return Object.freeze({ name, min, max, initial });
}

/** Refuses a pool that is there already, or whose floor has no room. */
export function requireFit(workers: number, claims: readonly Claim[], { name, min }: BudgetPool): void {
  if (claims.some(({ pool }) => pool === name)) {
    throw new PoolConfigError(`pool '${name}': it has joined the budget already; call leave() on its share first.`, {
      pool: name,
    });
  }
  const floors = claims.reduce((sum, claim) => sum + claim.min, min);
  if (floors > workers) {
    const each = [...claims.map((claim) => `${claim.pool} ${claim.min}`), `${name} ${min}`].join(', ');
    throw new PoolConfigError(
      `pool '${name}': the budget has ${workers} workers, but the size.min of its pools add up to ${floors}: ${each}. Raise budget.workers to ${floors} or more, or lower a size.min.`,
      { pool: name },
    );
  }
  const free = freeOf(workers, claims);
  if (min > free) {
    const each = claims.map((claim) => `${claim.pool} ${claim.held}`).join(', ');
    throw new PoolConfigError(
      `pool '${name}': size.min is ${min}, but of the ${workers} workers of the budget ${free} are free; the others are held: ${each}. Let the pool join before the others grow, or when they have shrunk.`,
      { pool: name },
    );
  }
}

/** Refuses a name in `budget.priorities` that no pool has. */
export function requireKnown(pool: string, names: readonly string[]): void {
  if (names.includes(pool)) return;
  throw new PoolConfigError(
    `budget.priorities has a priority for '${pool}', but there is no such pool.${suggest(pool, names)} Pools: ${names.join(', ')}.`,
  );
}
