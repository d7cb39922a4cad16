import { PoolConfigError } from '../errors.js';
import { usableCores } from '../usable-cores.js';
import { refusal, rejectUnknownKeys, requireInteger, requireObject, requireOneOf } from '../validate.js';
import { byPriority } from './by-priority.js';
import { MarginalBenefit } from './marginal-benefit.js';
import { firstCome, type Sharing } from './sharing.js';

/**
 * `first-come`: whoever asks first has it. `priority`: a pool with a higher priority takes workers from those with lower
 * ones, as these become free. `marginal-benefit`: workers go where they spare most late tasks.
 */
export type SharingKind = 'first-come' | 'priority' | 'marginal-benefit';

/** Workers that pools have between them. */
export interface BudgetOptions {
  /** A whole number from 1 to 65,536, or as many as there are usable cores, rounded up. */
  readonly workers: number | 'usable-cores';
  /** Default `first-come`. */
  readonly sharing?: SharingKind;
  /** Under `priority`: a number for each pool by name, no two the same; the highest goes first. */
  readonly priorities?: Readonly<Record<string, number>>;
}

export interface ResolvedBudget {
  readonly workers: number;
  readonly sharing: Sharing;
  /** Empty but under `priority`. */
  readonly priorities: ReadonlyMap<string, number>;
}

const KINDS: readonly SharingKind[] = ['first-come', 'priority', 'marginal-benefit'];
/** 64 pools of the largest size. */
const MOST_WORKERS = 65_536;

/** @throws PoolConfigError that names the option, its value and what is allowed. */
export function resolveBudget(options: BudgetOptions): ResolvedBudget {
  const given = requireObject({ option: 'budget' }, options);
  rejectUnknownKeys('budget', given, ['workers', 'sharing', 'priorities']);
  const workers = requireWorkers(given['workers']);
  const kind = requireOneOf({ option: 'budget.sharing' }, given['sharing'] ?? 'first-come', KINDS);
  if (kind === 'priority') {
    const priorities = requirePriorities(given['priorities']);
    return { workers, sharing: byPriority(priorities), priorities };
  }
  if (given['priorities'] !== undefined) {
    throw refusal({ option: 'budget.priorities' }, given['priorities'], `left out where sharing is '${kind}'`);
  }
  return { workers, sharing: kind === 'first-come' ? firstCome : new MarginalBenefit(), priorities: new Map() };
}

function requireWorkers(workers: unknown): number {
  if (workers === 'usable-cores') return usableCores();
  return requireInteger({ option: 'budget.workers' }, workers, 1, MOST_WORKERS, " or 'usable-cores'");
}

function requirePriorities(given: unknown): ReadonlyMap<string, number> {
  const priorities = new Map<string, number>();
  for (const [pool, priority] of Object.entries(requireObject({ option: 'budget.priorities' }, given))) {
    if (typeof priority !== 'number' || !Number.isFinite(priority)) {
      throw refusal({ option: `budget.priorities.${pool}` }, priority, 'a finite number');
    }
    for (const [other, same] of priorities) {
      if (same === priority) throw equalPriorities(other, pool, priority);
    }
    priorities.set(pool, priority);
  }
  return priorities;
}

function equalPriorities(one: string, other: string, priority: number): PoolConfigError {
  return new PoolConfigError(
    `budget.priorities has ${priority} for '${one}' and for '${other}': give each its own, or it is chance who goes first.`,
  );
}
