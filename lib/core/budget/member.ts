import { requireInteger } from '../validate.js';
import type { BudgetShare } from '../scaling/guards/budget.js';
import type { PoolDemand } from '../scaling/guards/pool-demand.js';
import type { Claim } from './claim.js';

/** A pool that is to join a budget. */
export interface BudgetPool {
  readonly name: string;
  /** Always there for this pool, from the moment it joins. A whole number from 1. */
  readonly min: number;
  /** The most that it is granted. */
  readonly max: number;
  /** Asked for as it joins; `held` then tells with how many the pool may start: `min` at least. */
  readonly initial: number;
}

/** A pool's share of a budget, until it leaves. */
export interface PoolShare extends BudgetShare {
  /** Workers that it is to give back because the budget was cut below what its pools hold; 0 else. */
  readonly surplus: number;
  /** Gives back all that the pool holds, and its floor. After that nothing is granted; more calls do nothing. */
  leave(): void;
}

/** What a member asks of its budget. */
export interface Desk {
  readonly now: number;
  /** Whether more is held, or needed for floors, than there is. */
  readonly isOverdrawn: boolean;
  ceilingOf(member: Member): number;
  /** Workers more, up to what the member wants. */
  grantableTo(member: Member): number;
  told(member: Member, demand: PoolDemand): void;
  left(member: Member): void;
}

/** A want counts for this long, milliseconds, if it is not repeated: a pool whose loop has stopped blocks nobody for good. */
export const WANT_LASTS_MS = 10_000;

/** `joined` → `left`. It holds at most what its budget granted; what it wants is at least that. */
export class Member implements PoolShare {
  #held = 0;
  #want = 0;
  #wantedAt = -Infinity;
  #hasLeft = false;

  constructor(
    public pool: BudgetPool,
    public rank: number,
    readonly desk: Desk,
  ) {}

  get held(): number {
    return this.#held;
  }

  get ceiling(): number {
    return this.#hasLeft ? 0 : this.desk.ceilingOf(this);
  }

  get surplus(): number {
    return this.desk.isOverdrawn ? Math.max(0, this.#held - this.ceiling) : 0;
  }

  get claim(): Claim {
    const { name, min, max } = this.pool;
    const isLasting = this.desk.now - this.#wantedAt <= WANT_LASTS_MS;
    return { pool: name, min, max, held: this.#held, want: isLasting ? this.#want : this.#held };
  }

  /**
   * Other bounds and another rank. The floor is there at once, also where others hold what it needs: until they have given
   * that back, more is held than there is.
   */
  move(bounds: Pick<BudgetPool, 'min' | 'max'>, rank: number): void {
    this.rank = rank;
    this.pool = Object.freeze({ ...this.pool, ...bounds });
    this.#held = Math.max(this.#held, bounds.min);
    this.#want = Math.max(this.#held, Math.min(this.#want, bounds.max));
  }

  request(n: number): number {
    this.#requireCount('request(n)', n);
    if (this.#hasLeft) return 0;
    this.#want = Math.min(this.pool.max, this.#held + n);
    this.#wantedAt = this.desk.now;
    const granted = this.desk.grantableTo(this);
    this.#held += granted;
    return granted;
  }

  release(n: number): void {
    this.#requireCount('release(n)', n);
    this.#held -= Math.min(n, this.#held);
    this.#want = this.#held;
  }

  tell(demand: PoolDemand): void {
    if (!this.#hasLeft) this.desk.told(this, demand);
  }

  leave(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#held = this.#want = 0;
    this.desk.left(this);
  }

  #requireCount(call: string, n: number): void {
    requireInteger({ pool: this.pool.name, option: `budget share: ${call}` }, n, 0, Number.MAX_SAFE_INTEGER);
  }
}
