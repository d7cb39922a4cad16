import { describe, expect, it } from 'vitest';
import { entitledByRank } from '../../../../lib/core/budget/by-priority.js';
import { createBudget } from '../../../../lib/core/budget/budget.js';
import { WANT_LASTS_MS } from '../../../../lib/core/budget/member.js';
import { VirtualClock } from '../../../support/virtual-clock.js';

/** Three pools from 1 to 8 under a budget of 8; the later has the higher priority. */
function threePools(held: readonly [number, number, number]) {
  const clock = new VirtualClock();
  const priorities = { low: 1, middle: 5, high: 9 };
  const budget = createBudget({ workers: 8, sharing: 'priority', priorities }, clock);
  const shares = (['low', 'middle', 'high'] as const).map((name) => budget.join({ name, min: 1, max: 8, initial: 1 }));
  for (const [index, share] of shares.entries()) share.request(held[index]! - 1);
  const [low, middle, high] = shares as [(typeof shares)[0], (typeof shares)[0], (typeof shares)[0]];
  return { budget, clock, low, middle, high, ceilings: () => shares.map(({ ceiling }) => ceiling) };
}

describe('entitlements by rank', () => {
  const claims = (...wants: [min: number, want: number][]) =>
    wants.map(([min, want], index) => ({ pool: `${index}`, min, want, max: 99, held: 0 }));

  it.each([
    ['all that is wanted where there is enough', 10, claims([1, 4], [1, 3]), [4, 3]],
    ['the highest first', 6, claims([1, 4], [1, 4], [1, 4]), [4, 1, 1]],
    ['then the next', 8, claims([1, 4], [1, 4], [1, 4]), [4, 3, 1]],
    ['never below a floor', 8, claims([1, 99], [2, 5], [3, 5]), [3, 2, 3]],
    ['a floor also where less is wanted', 8, claims([2, 0], [1, 8]), [2, 6]],
  ])('%s', (_name, workers, given, entitled) => {
    expect(entitledByRank(workers, given)).toEqual(entitled);
  });
});

describe('a budget by priority (C2, S4 Q20)', () => {
  it('is first come while there is enough', () => {
    const { low, ceilings } = threePools([4, 1, 1]);
    expect(ceilings()).toEqual([6, 3, 3]);
    expect(low.request(2)).toBe(2);
  });

  it('lowers the ceilings of lower pools for a want that cannot be met, the lowest first', () => {
    const { high, ceilings } = threePools([4, 2, 2]);
    expect(high.request(2)).toBe(0);
    expect(ceilings()).toEqual([2, 2, 4]);
    expect(high.request(4)).toBe(0);
    expect(ceilings()).toEqual([1, 1, 6]);
    // Not below the floors, whatever is wanted.
    high.request(99);
    expect(ceilings()).toEqual([1, 1, 6]);
  });

  it('takes nothing from a higher pool', () => {
    const { low, middle, ceilings } = threePools([1, 3, 4]);
    expect([low.request(5), middle.request(3)]).toEqual([0, 0]);
    expect(ceilings()).toEqual([1, 3, 4]);
  });

  it('grants what was released to whom it was lowered for, and to nobody else meanwhile', () => {
    const { budget, low, middle, high } = threePools([4, 2, 2]);
    high.request(2);
    low.release(1);
    expect([low.request(3), middle.request(3)]).toEqual([0, 0]);
    // What middle wants would be low's, but there is nothing left of it.
    expect(budget.read().pools.map(({ held }) => held)).toEqual([2, 2, 3]);
    expect(high.request(2)).toBe(1);
    low.release(1);
    expect(high.request(1)).toBe(1);
    expect(budget.read()).toMatchObject({ free: 0, pools: [{ held: 4 }, { held: 2 }, { held: 2 }] });
  });

  it('lets the ceilings rise again when less is wanted', () => {
    const { high, low, ceilings } = threePools([4, 2, 2]);
    high.request(2);
    high.request(0);
    expect(ceilings()).toEqual([4, 2, 2]);
    high.request(2);
    high.release(1);
    expect(ceilings()).toEqual([5, 3, 2]);
    expect(low.request(1)).toBe(1);
  });

  it('forgets a want that is not repeated for ten seconds', () => {
    const { high, clock, ceilings } = threePools([4, 2, 2]);
    high.request(2);
    clock.compute(WANT_LASTS_MS);
    expect(ceilings()).toEqual([2, 2, 4]);
    clock.compute(1);
    expect(ceilings()).toEqual([4, 2, 2]);
  });

  it('shrinks nobody for the workers that a pool would like to start with', () => {
    const { budget, high } = threePools([4, 2, 1]);
    high.leave();
    budget.join({ name: 'high', min: 1, max: 8, initial: 6 });
    expect(budget.read().pools.map(({ name, held, ceiling }) => [name, held, ceiling])).toEqual([
      ['high', 2, 2],
      ['middle', 2, 2],
      ['low', 4, 4],
    ]);
  });

  it('tells the priorities, the highest first', () => {
    expect(threePools([1, 1, 1]).budget.read().pools).toMatchObject([
      { name: 'high', priority: 9 },
      { name: 'middle', priority: 5 },
      { name: 'low', priority: 1 },
    ]);
  });
});
