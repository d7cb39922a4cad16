import { systemClock, type Clock } from '../clock.js';
import type { PoolDemand } from '../scaling/guards/pool-demand.js';
import { ceilings, fitted, grantable } from './allotment.js';
import { freeOf, type Claim } from './claim.js';
import { requireEmpty, requireFit, requireFloors, requireKnown, requirePool, requireReservations } from './joining.js';
import { Member, type BudgetPool, type Desk, type PoolShare } from './member.js';
import { budgetChanges, type BoundsByPool, type PreparedBudget } from './prepared-budget.js';
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
  /**
   * The floors of all pools that there will be, by name, before the first one joins: nobody gets what another one needs
   * to begin with. A floor is kept until its pool joins.
   * @throws PoolConfigError where they do not fit, and for priorities of other pools, which are misspelt.
   */
  reserve(mins: Readonly<Record<string, number>>): void;
  read(): BudgetReading;
}

/** @throws PoolConfigError that names the option, its value and what is allowed. */
export function createBudget(options: BudgetOptions, clock: Clock = systemClock): Budget {
  return new SharedBudget(options, clock);
}

/** What a host of pools (the Nest module) may do beyond the public interface. */
export interface ManagedBudget extends Budget {
  /**
   * Checks another budget, and other bounds of the pools that are there; nothing has changed until `apply()`. Where less
   * is there then than is held, ceilings fall, and what is above them is each pool's `surplus`.
   * @throws PoolConfigError as `createBudget`, and where the floors do not fit.
   */
  prepare(options: BudgetOptions, bounds: BoundsByPool): PreparedBudget;
}

/** @throws PoolConfigError that names the option, its value and what is allowed. */
export function createManagedBudget(options: BudgetOptions, clock: Clock = systemClock): ManagedBudget {
  return new SharedBudget(options, clock);
}

class SharedBudget implements ManagedBudget, Desk {
  /** In order of rank. */
  #members: readonly Member[] = [];
  /** Claims of pools that have yet to join. */
  #awaited: readonly Claim[] = [];
  /** Names of pools that were here: options may still speak of them. */
  readonly #gone = new Set<string>();

  budget: ResolvedBudget;

  constructor(
    public options: BudgetOptions,
    readonly clock: Clock,
  ) {
    this.budget = resolveBudget(options);
  }

  get now(): number {
    return this.clock.now();
  }

  join(given: BudgetPool): PoolShare {
    const { workers, sharing } = this.budget;
    const pool = requirePool(given);
    const member = new Member(pool, sharing.rankOf(pool.name), this);
    const awaited = this.#awaited.filter((claim) => claim.pool !== pool.name);
    requireFit(workers, [...this.#members.map(({ claim }) => claim), ...awaited], pool);
    this.#awaited = awaited;
    this.#members = [...this.#members, member].sort((a, b) => a.rank - b.rank);
    sharing.changed?.(pool.name);
    // Nobody shrinks for the workers with which a pool would like to start: what is not there is not waited for.
    member.request(pool.initial);
    member.request(0);
    return member;
  }

  reserve(mins: Readonly<Record<string, number>>): void {
    const { workers, priorities } = this.budget;
    const reservations = requireReservations(mins);
    requireKnown(priorities.keys(), Object.keys(mins));
    requireFloors(workers, reservations);
    requireEmpty(this.#members.map(({ pool }) => pool.name));
    this.#awaited = reservations;
  }

  prepare(options: BudgetOptions, bounds: BoundsByPool): PreparedBudget {
    const resolved = resolveBudget(options);
    const changes = budgetChanges(this, { options, budget: resolved });
    // What is learned of the pools' demand stays where nothing changes but bounds.
    const next = changes.length === 0 ? this.budget : resolved;
    const moves = this.#members.map((member) => ({
      member,
      bounds: bounds.get(member.pool.name) ?? member.pool,
      rank: next.sharing.rankOf(member.pool.name),
    }));
    const floors = moves.map(({ member, bounds: { min } }) => ({ pool: member.pool.name, min }));
    const names = [...floors, ...this.#awaited].map(({ pool }) => pool);
    requireKnown(next.priorities.keys(), [...names, ...this.#gone]);
    requireFloors(next.workers, [...floors, ...this.#awaited]);
    return { changes, apply: () => this.#become(options, next, moves) };
  }

  #become(
    options: BudgetOptions,
    budget: ResolvedBudget,
    moves: readonly { member: Member; bounds: Pick<BudgetPool, 'min' | 'max'>; rank: number }[],
  ): void {
    this.options = options;
    this.budget = budget;
    for (const { member, bounds, rank } of moves) {
      const { min, max, name } = member.pool;
      if (min !== bounds.min || max !== bounds.max) budget.sharing.changed?.(name);
      member.move({ min: bounds.min, max: bounds.max }, rank);
    }
    this.#members = this.#members.toSorted((a, b) => a.rank - b.rank);
  }

  get isOverdrawn(): boolean {
    return freeOf(this.budget.workers, this.#claims()) < 0;
  }

  read(): BudgetReading {
    const { workers, priorities } = this.budget;
    const claims = this.#claims();
    const most = ceilings(workers, claims, this.#entitlements(claims));
    const pools = this.#members.map(({ held, pool: { name, min } }, index) => {
      const priority = priorities.get(name);
      return Object.freeze({ name, held, ceiling: most[index]!, min, ...(priority === undefined ? {} : { priority }) });
    });
    return Object.freeze({ workers, free: Math.max(0, freeOf(workers, claims)), pools: Object.freeze(pools) });
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
    this.#gone.add(member.pool.name);
    this.#members = this.#members.filter((other) => other !== member);
    this.budget.sharing.changed?.(member.pool.name);
  }

  #claims(): readonly Claim[] {
    return [...this.#members.map(({ claim }) => claim), ...this.#awaited];
  }

  #entitlements(claims: readonly Claim[]): readonly number[] {
    const { workers, sharing } = this.budget;
    return fitted(workers, claims, sharing.entitlements(workers, claims, this.now));
  }
}
