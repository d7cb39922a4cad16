import type { PoolShare } from '../budget/member.js';
import { PoolConfigError } from '../errors.js';

/**
 * Keeps what a pool holds of its budget in step with its size, by whomever that is changed: what it grows by is granted
 * first, what has left is given back (C1). A worker that is replaced by a fresh one counts once.
 */
export class BudgetHold {
  constructor(
    readonly pool: string,
    readonly share: PoolShare,
  ) {}

  /** @throws PoolConfigError where the budget has no room for that many; it then grants nothing. */
  admit(target: number): void {
    const held = Math.min(this.share.held, this.most);
    if (target <= held) return;
    const granted = this.share.surplus > 0 ? 0 : this.share.request(target - held);
    if (held + granted >= target) return;
    this.share.release(granted);
    throw new PoolConfigError(
      `pool '${this.pool}' cannot have ${target} workers: the budget that it shares with other pools leaves it ${held + granted} at present. Shrink another pool, or raise budget.workers.`,
      { pool: this.pool },
    );
  }

  /** As many of `target` workers as the budget has room for. */
  reach(target: number): number {
    const { held } = this.share;
    if (target > held) this.share.request(target - held);
    return Math.min(target, this.share.held, this.most);
  }

  /** The most that the pool may want, where the budget was cut below what its pools hold. */
  get most(): number {
    return this.share.surplus > 0 ? this.share.held - this.share.surplus : Infinity;
  }

  /** So many workers exist or are wanted. */
  settle(inUse: number): void {
    const surplus = this.share.held - inUse;
    if (surplus > 0) this.share.release(surplus);
  }

  leave(): void {
    this.share.leave();
  }
}
