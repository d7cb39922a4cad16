import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBudget, type Budget } from '../../../../lib/core/budget/budget.js';
import type { PoolShare } from '../../../../lib/core/budget/member.js';
import type { SharingKind } from '../../../../lib/core/budget/resolve-budget.js';
import type { Guard } from '../../../../lib/core/scaling/contract.js';
import { guard } from '../../../support/build.js';
import { inputOf } from '../../../support/decision-inputs.js';
import { VirtualClock } from '../../../support/virtual-clock.js';

/** More of them with `POOL_PROPERTY_RUNS`. */
const RUNS = Number(process.env['POOL_PROPERTY_RUNS'] ?? 50);
const NAMES = ['a', 'b', 'c', 'd', 'e'];
const KINDS: readonly SharingKind[] = ['first-come', 'priority', 'marginal-benefit'];
const FLOORS = [1, 2, 1, 3, 1];
const MAX = 12;

/** A pool that does as it is told: it starts workers at once, and lets them go when they are free. */
class Simulated {
  readonly min: number;
  readonly share: PoolShare;
  readonly guard: Guard;
  target: number;
  /** Those that work or could. */
  staff: number;
  /** On their way out. */
  exiting = 0;

  constructor(budget: Budget, index: number, initial: number) {
    this.min = FLOORS[index]!;
    const pool = { name: NAMES[index]!, min: this.min, max: MAX, initial: Math.max(this.min, initial) };
    this.share = budget.join(pool);
    this.guard = guard({ type: 'budget' }, { budget: this.share });
    this.target = this.staff = this.share.held;
  }

  get size(): number {
    return this.staff + this.exiting;
  }

  tick(proposed: number, now: number): void {
    const { min, target, size, staff } = this;
    // Whoever is idle and not wanted leaves at once, so that all of the others work.
    const busy = staff > target ? staff : Math.min(staff, proposed);
    const { target: to } = this.guard.apply(
      { target: proposed, why: '' },
      inputOf({ now, min, max: MAX, target, size, busy }),
    );
    this.target = Math.max(min, Math.min(MAX, to));
    this.staff = Math.max(staff, this.target);
  }

  /** Some of those that are to leave become free and do. */
  settle(count = Infinity): void {
    const leaving = Math.min(count, this.staff - this.target);
    this.staff -= leaving;
    this.exiting += leaving;
  }

  exit(): void {
    this.exiting = 0;
  }
}

interface Step {
  readonly does: 'tick' | 'settle' | 'exit' | 'tell' | 'come or go' | 'request' | 'release' | 'wait';
  readonly pool: number;
  readonly amount: number;
}

class Rehearsal {
  readonly clock = new VirtualClock();
  readonly budget: Budget;
  readonly pools = new Map<number, Simulated>();

  constructor(
    readonly workers: number,
    kind: SharingKind,
  ) {
    const priorities = Object.fromEntries(NAMES.map((name, index) => [name, index]));
    this.budget = createBudget({ workers, sharing: kind, ...(kind === 'priority' ? { priorities } : {}) }, this.clock);
  }

  playAll(play: readonly Step[]): void {
    // Two to begin with: the others come, and all of them go, as it happens.
    for (const index of [0, 1]) this.pools.set(index, new Simulated(this.budget, index, 1));
    for (const step of play) {
      this.#play(step);
      this.#check();
    }
  }

  #play({ does, pool: index, amount }: Step): void {
    const pool = this.pools.get(index);
    if (does === 'wait') this.clock.compute(amount * 400);
    else if (does === 'come or go') this.#comeOrGo(index, amount, pool);
    else if (does === 'tick') pool?.tick(amount, this.clock.now());
    else if (does === 'settle') pool?.settle(amount);
    else if (does === 'exit') pool?.exit();
    else if (does === 'request') pool?.share.request(amount);
    else if (does === 'tell') {
      pool?.share.tell?.({ arrivalRate: amount * 10, serviceMs: 80, variation: 1, objectiveMs: 100 });
    } else if (pool) {
      // No more than it does not use.
      pool.share.release(Math.min(amount, Math.max(0, pool.share.held - Math.max(pool.size, pool.target))));
    }
  }

  #comeOrGo(index: number, initial: number, pool: Simulated | undefined): void {
    if (pool) {
      pool.share.leave();
      this.pools.delete(index);
    } else if (this.budget.read().free >= FLOORS[index]!) {
      this.pools.set(index, new Simulated(this.budget, index, Math.min(MAX, initial)));
    }
  }

  #check(): void {
    const { pools, free, workers } = this.budget.read();
    const held = pools.reduce((sum, pool) => sum + pool.held, 0);
    const kept = pools.reduce((sum, pool) => sum + Math.max(pool.held, pool.min), 0);
    expect(free).toBe(workers - kept);
    expect(held).toBeLessThanOrEqual(workers);
    // Each floor is there, held or not.
    expect(free).toBeGreaterThanOrEqual(0);
    for (const pool of pools) expect(pool.ceiling).toBeGreaterThanOrEqual(pool.min);
    for (const pool of this.pools.values()) {
      expect(pool.share.held).toBeGreaterThanOrEqual(Math.max(pool.size, pool.target));
    }
  }

  /** Even a pool that has given back everything has its floor, whatever the others ask for. */
  askForFloors(): void {
    const shares = [...this.pools.values()];
    for (const { share } of shares) share.release(share.held);
    for (const { share } of shares) share.request(16);
    for (const { share, min } of shares) expect(share.held).toBeGreaterThanOrEqual(min);
  }

  leaveAll(): void {
    for (const pool of this.pools.values()) pool.share.leave();
    expect(this.budget.read()).toEqual({ workers: this.workers, free: this.workers, pools: [] });
  }
}

const steps = fc.array(
  fc.record<Step>({
    does: fc.constantFrom(
      'tick',
      'tick',
      'tick',
      'settle',
      'settle',
      'exit',
      'tell',
      'come or go',
      'request',
      'release',
      'wait',
    ),
    pool: fc.integer({ min: 0, max: NAMES.length - 1 }),
    amount: fc.integer({ min: 0, max: 16 }),
  }),
  { maxLength: 60, size: 'max' },
);

describe('whatever pools do with a budget (C1, C2, C3)', () => {
  it.each(KINDS)(
    '%s: it is never exceeded, floors are there, and nothing leaks',
    (kind) => {
      fc.assert(
        fc.property(fc.integer({ min: 3, max: 20 }), steps, (workers, play) => {
          const rehearsal = new Rehearsal(workers, kind);
          rehearsal.playAll(play);
          rehearsal.askForFloors();
          rehearsal.leaveAll();
        }),
        { numRuns: RUNS },
      );
    },
    600_000,
  );

  it.each(KINDS)(
    '%s: pools whose wants stay come to rest, and nothing lies idle that one of them wants',
    (kind) => {
      const wants = fc.array(fc.integer({ min: 1, max: MAX }), { minLength: NAMES.length, maxLength: NAMES.length });
      fc.assert(
        fc.property(fc.integer({ min: 10, max: 20 }), steps, wants, (workers, play, wanted) => {
          const rehearsal = new Rehearsal(workers, kind);
          rehearsal.playAll(play);
          const round = () => {
            for (const [index, pool] of rehearsal.pools) pool.tick(wanted[index]!, rehearsal.clock.now());
            for (const pool of rehearsal.pools.values()) {
              pool.settle();
              pool.exit();
            }
            return [...rehearsal.pools.values()].map(({ size }) => size).join();
          };
          for (let tick = 0; tick < 6; tick++) round();
          const atRest = round();
          expect([round(), round()]).toEqual([atRest, atRest]);
          const isWanting = [...rehearsal.pools].some(([index, pool]) => pool.size < wanted[index]!);
          if (isWanting) expect(rehearsal.budget.read().free).toBe(0);
          // Under priority, whoever ranks above a pool that has more than its floor has what it wants.
          if (kind !== 'priority') return;
          const ranked = [...rehearsal.pools].sort(([a], [b]) => b - a);
          const lowest = ranked.findLastIndex(([, { size, min }]) => size > min);
          for (const [index, pool] of ranked.slice(0, Math.max(0, lowest))) {
            expect(pool.size).toBeGreaterThanOrEqual(wanted[index]!);
          }
        }),
        { numRuns: RUNS },
      );
    },
    600_000,
  );
});
