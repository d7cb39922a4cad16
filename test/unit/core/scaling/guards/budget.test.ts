import { describe, expect, it } from 'vitest';
import type { BudgetShare } from '../../../../../lib/core/scaling/guards/budget.js';
import type { PoolDemand } from '../../../../../lib/core/scaling/guards/pool-demand.js';
import { guard } from '../../../../support/build.js';
import { inputOf } from '../../../../support/decision-inputs.js';
import { loadOf } from '../../../../support/readings.js';

/** The budget of S1 T17. */
class Purse {
  used = 0;

  constructor(readonly capacity: number) {}

  share(held = 0): Share {
    this.used += held;
    return new Share(this, held);
  }
}

class Share implements BudgetShare {
  ceiling = Infinity;
  readonly asked: number[] = [];

  constructor(
    readonly purse: Purse,
    public held: number,
  ) {}

  request(n: number): number {
    this.asked.push(n);
    const granted = Math.min(n, this.purse.capacity - this.purse.used);
    this.purse.used += granted;
    this.held += granted;
    return granted;
  }

  release(n: number): void {
    this.purse.used -= n;
    this.held -= n;
  }
}

describe('the guard budget (C1, S1 T17)', () => {
  const apply = (share: BudgetShare, proposed: number, target: number, size = target, busy = 0) =>
    guard({ type: 'budget' }, { budget: share }).apply({ target: proposed, why: '' }, inputOf({ target, size, busy }));

  it('grows by what is granted', () => {
    const purse = new Purse(10);
    const [a, b] = [purse.share(2), purse.share(2)];
    expect(apply(a, 6, 2)).toEqual({ target: 6 });
    expect(apply(b, 6, 2)).toEqual({ target: 4, heldBy: 'budget' });
    expect(apply(b, 6, 4)).toEqual({ target: 4, heldBy: 'budget' });
    expect(purse.used).toBe(10);
  });

  it('gives back what left, when it has left', () => {
    const purse = new Purse(10);
    const share = purse.share(8);
    expect(apply(share, 3, 8)).toEqual({ target: 3 });
    // All 8 run until they are free.
    expect(purse.used).toBe(8);
    apply(share, 3, 3, 6);
    expect(purse.used).toBe(6);
    apply(share, 3, 3, 3);
    expect(purse.used).toBe(3);
  });

  it('gives back what it was granted and another guard then held', () => {
    const purse = new Purse(10);
    const share = purse.share(4);
    apply(share, 9, 4);
    expect(purse.used).toBe(9);
    apply(share, 4, 4);
    expect(purse.used).toBe(4);
  });

  it('does not ask again for workers that have yet to leave', () => {
    const purse = new Purse(8);
    const share = purse.share(8);
    expect(apply(share, 7, 3, 8, 8)).toEqual({ target: 7 });
    expect(purse.used).toBe(8);
  });

  it('starts nobody in the place of workers that have yet to exit', () => {
    const purse = new Purse(8);
    const share = purse.share(8);
    // Of 8, five work and can stay; three are on their way out.
    expect(apply(share, 7, 3, 8, 5)).toEqual({ target: 5, heldBy: 'budget' });
    expect(apply(share, 7, 5, 6, 5)).toEqual({ target: 6, heldBy: 'budget' });
    expect(apply(share, 7, 6, 6, 6)).toEqual({ target: 7 });
  });

  it('does not shrink a pool because one of its workers is being replaced', () => {
    const share = new Purse(4).share(4);
    expect(apply(share, 4, 4, 5, 4)).toEqual({ target: 4 });
  });

  it('brings a pool back that was resized past what it is granted', () => {
    const purse = new Purse(3);
    expect(apply(purse.share(), 6, 4)).toEqual({ target: 3, heldBy: 'budget' });
    expect(purse.used).toBe(3);
  });

  it('asks for no more than the pool can have, and gives back no part of its floor', () => {
    const purse = new Purse(100);
    const share = purse.share(2);
    expect(apply(share, 99, 2)).toEqual({ target: 32, heldBy: 'budget' });
    apply(share, 0, 1);
    expect(purse.used).toBe(1);
  });

  it('shrinks to a ceiling that fell, gives back what has left, and keeps asking (C2)', () => {
    const purse = new Purse(10);
    const share = purse.share(6);
    share.ceiling = 2;
    expect(apply(share, 6, 6)).toEqual({ target: 2, heldBy: 'budget' });
    // Nobody has left yet.
    expect(purse.used).toBe(6);
    expect(apply(share, 6, 2, 5)).toMatchObject({ target: 2 });
    expect(share.asked.at(-1)).toBe(1);
  });

  it('says when what it holds is enough', () => {
    const share = new Purse(10).share(4);
    apply(share, 4, 4);
    expect(share.asked).toEqual([0]);
  });

  it('tells what the pool is asked to do, with what has piled up, once it is known (C3)', () => {
    const share = new Purse(10).share(4);
    const told: PoolDemand[] = [];
    const built = guard(
      { type: 'budget' },
      { objectiveMs: 200, budget: Object.assign(share, { tell: (demand: PoolDemand) => told.push(demand) }) },
    );
    const at = (now: number, submitted: number, times: number[]) =>
      built.apply(
        { target: 4, why: '' },
        inputOf({ now, queueDepth: 10, counters: { submitted, completed: 0, failed: 0 }, load: loadOf(times) }),
      );
    at(0, 0, []);
    at(1_000, 50, []);
    expect(told).toEqual([]);
    at(2_000, 100, [10, 30]);
    // 50 a second, and 10 that wait within 5 s; mean 20, E[s²] = 500, so cs² = 1/4.
    expect(told).toEqual([{ arrivalRate: 52, serviceMs: 20, variation: 0.625, objectiveMs: 200 }]);
    built.apply({ target: 4, why: '' }, inputOf({ now: 3_000 }));
    expect(told).toHaveLength(1);
  });

  it('never exceeds the budget, whatever the pools ask for', () => {
    const purse = new Purse(12);
    const pools = [purse.share(1), purse.share(1), purse.share(1)].map((share) => ({ share, target: 1 }));
    let seed = 1;
    for (let tick = 0; tick < 1_000; tick++) {
      seed = (seed * 48_271) % 2_147_483_647;
      const pool = pools[seed % 3]!;
      pool.target = apply(pool.share, 1 + (seed % 11), pool.target).target;
      expect(pools.reduce((sum, { target }) => sum + target, 0)).toBeLessThanOrEqual(12);
      expect(purse.used).toBeLessThanOrEqual(12);
    }
  });

  it('refuses to be without a budget', () => {
    expect(() => guard({ type: 'budget' })).toThrow(
      /guard\.type is "budget", but must be another type: the pool was given/,
    );
  });
});
