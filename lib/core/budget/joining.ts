import { PoolConfigError } from '../errors.js';
import { refusal, rejectUnknownKeys, requireInteger, requireObject, suggest } from '../validate.js';
import { freeOf, reserved, type Claim } from './claim.js';
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
    const message = `pool '${name}': it has joined the budget already; call leave() on its share first.`;
    throw new PoolConfigError(message, { pool: name });
  }
  requireFloors(workers, [...claims, { pool: name, min }], name);
  const free = freeOf(workers, claims);
  if (min <= free) return;
  const each = claims.map((claim) => `${claim.pool} ${reserved(claim)}`).join(', ');
  throw new PoolConfigError(
    `pool '${name}': size.min is ${min}, but of the ${workers} workers of the budget ${free} are free; the others are held: ${each}. Let the pool join before the others grow, or reserve its floor.`,
    { pool: name },
  );
}

/** Refuses floors that together are more than the budget. */
export function requireFloors(workers: number, floors: readonly Pick<Claim, 'pool' | 'min'>[], pool?: string): void {
  const sum = floors.reduce((total, { min }) => total + min, 0);
  if (sum <= workers) return;
  const each = floors.map((floor) => `${floor.pool} ${floor.min}`).join(', ');
  const prefix = pool === undefined ? '' : `pool '${pool}': `;
  throw new PoolConfigError(
    `${prefix}the budget has ${workers} workers, but the size.min of its pools add up to ${sum}: ${each}. Raise budget.workers to ${sum} or more, or lower a size.min.`,
    { pool },
  );
}

/** Claims of pools that are yet to join. */
export function requireReservations(mins: unknown): readonly Claim[] {
  return Object.entries(requireObject({ option: 'budget.reserve(mins)' }, mins)).map(([pool, given]) => {
    const min = requireInteger({ pool, option: 'budget.reserve(mins)' }, given, 1, MOST_WORKERS);
    return { pool, min, max: min, held: 0, want: 0 };
  });
}

/** Floors cannot be kept back from pools that may hold them already. */
export function requireEmpty(joined: readonly string[]): void {
  if (joined.length === 0) return;
  throw new PoolConfigError(`budget.reserve(mins) comes too late: ${joined.join(', ')} joined before it.`);
}

/** Refuses a name in `budget.priorities` that no pool has. */
export function requireKnown(priorities: Iterable<string>, names: readonly string[]): void {
  for (const pool of priorities) {
    if (names.includes(pool)) continue;
    throw new PoolConfigError(
      `budget.priorities has a priority for '${pool}', but there is no such pool.${suggest(pool, names)} Pools: ${names.join(', ')}.`,
    );
  }
}
