import { systemClock, type Clock } from '../clock.js';
import type { PoolDemand } from '../scaling/guards/pool-demand.js';
import { ceilings, grantable } from './allotment.js';
import { freeOf, type Claim } from './claim.js';
import { requireFit, requireKnown, requirePool } from './joining.js';
import { Member, type BudgetPool, type Desk, type PoolShare } from './member.js';
import { resolveBudget, type BudgetOptions, type ResolvedBudget } from './resolve-budget.js';

/** A budget at one instant; frozen. */
export interface BudgetReading {
  readonly workers: number;
  /** Workers that nobody holds and no floor needs. */
  readonly free: number;
  /** In order of rank: by priority, or else as they joined. */
  readonly pools: readonly BudgetPoolReading[];
}

export interface BudgetPoolReading {
  readonly name: string;
  readonly held: number;
  /** The most that it may hold at present; below `held` where the budget wants workers back. */
  readonly ceiling: number;
  readonly min: number;
  /** Under `priority` only. */
  readonly priority?: number;
}

/**
 * Workers that pools have between them: never more are held than there are, and each pool can always have its floor. All
 * calls are synchronous. C1, C2, C3; S1 T17; S4 Q20.
 */
export interface Budget {
  /**
   * Adds a pool, and grants it `initial` workers as far as there are so many.
   * @throws PoolConfigError where the floors do not fit into the budget or the pools that are there hold too much, and
   * under `priority` for a pool without one.
   */
  join(pool: BudgetPool): PoolShare;
  /** The pools that there will be: refuses priorities for others, which are misspelt. */
  requirePools(names: readonly string[]): void;
  read(): BudgetReading;
}

/** @throws PoolConfigError that names the option, its value and what is allowed. */
export function createBudget(options: BudgetOptions, clock: Clock = systemClock): Budget {
  return new SharedBudget(resolveBudget(options), clock);
}

class SharedBudget implements Budget, Desk {
  /** In order of rank. */
  #members: readonly Member[] = [];

  constructor(
    readonly budget: ResolvedBudget,
    readonly clock: Clock,
  ) {}

  get now(): number {
    return this.clock.now();
  }

  join(given: BudgetPool): PoolShare {
    const { workers, sharing } = this.budget;
    const pool = requirePool(given);
    const member = new Member(pool, sharing.rankOf(pool.name), this);
    requireFit(workers, this.#claims(), pool);
    this.#members = [...this.#members, member].sort((a, b) => a.rank - b.rank);
    // Nobody shrinks for the workers with which a pool would like to start: what is not there is not waited for.
    member.request(pool.initial);
    member.request(0);
    return member;
  }

  requirePools(names: readonly string[]): void {
    for (const pool of this.budget.priorities.keys()) requireKnown(pool, names);
  }

  read(): BudgetReading {
    const { workers, priorities } = this.budget;
    const claims = this.#claims();
    const most = ceilings(workers, claims, this.#entitlements(claims));
    const pools = claims.map(({ pool: name, held, min }, index) => {
      const priority = priorities.get(name);
      return Object.freeze({ name, held, ceiling: most[index]!, min, ...(priority === undefined ? {} : { priority }) });
    });
    return Object.freeze({ workers, free: freeOf(workers, claims), pools: Object.freeze(pools) });
  }

  ceilingOf(member: Member): number {
    const claims = this.#claims();
    return ceilings(this.budget.workers, claims, this.#entitlements(claims))[this.#members.indexOf(member)]!;
  }

  grantableTo(member: Member): number {
    const claims = this.#claims();
    return grantable(this.budget.workers, claims, this.#entitlements(claims), this.#members.indexOf(member));
  }

  told({ pool }: Member, demand: PoolDemand): void {
    this.budget.sharing.told?.(pool.name, demand);
  }

  left(member: Member): void {
    this.#members = this.#members.filter((other) => other !== member);
    this.budget.sharing.left?.(member.pool.name);
  }

  #claims(): readonly Claim[] {
    return this.#members.map(({ claim }) => claim);
  }

  #entitlements(claims: readonly Claim[]): readonly number[] {
    return this.budget.sharing.entitlements(this.budget.workers, claims, this.now);
  }
}
