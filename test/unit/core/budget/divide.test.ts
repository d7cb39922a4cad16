import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divide, type Need } from '../../../../lib/core/budget/divide.js';
import { lateRate } from '../../../../lib/core/budget/late-rate.js';

/** A pool of tasks that take 100 ms, with an objective as long; `load` in workers. */
function needOf(load: number, part: Partial<Need> = {}): Need {
  return {
    min: 1,
    max: 64,
    demand: { arrivalRate: load * 10, serviceMs: 100, variation: 1, objectiveMs: 100 },
    ...part,
  };
}

const costOf = (needs: readonly Need[], sizes: readonly number[]) =>
  needs.reduce((sum, { demand }, index) => sum + lateRate(demand, sizes[index]!), 0);

/** Every division of up to `left` workers. */
function* divisions([need, ...rest]: readonly Need[], left: number): Generator<number[]> {
  if (need === undefined) return yield [];
  const floors = rest.reduce((sum, { min }) => sum + min, 0);
  for (let size = need.min; size <= Math.min(need.max, left - floors); size++) {
    for (const others of divisions(rest, left - size)) yield [size, ...others];
  }
}

const leastCost = (workers: number, needs: readonly Need[]) =>
  Math.min(...[...divisions(needs, workers)].map((sizes) => costOf(needs, sizes)));

describe('the late rate', () => {
  it('is the arrivals that wait too long, and below the load those that are never served', () => {
    // Two servers, load 1: a third waits; longer than a service time, exp(-1) of those.
    expect(lateRate(needOf(1).demand, 2)).toBeCloseTo((10 / 3) * Math.exp(-1), 10);
    // A load of 3 on 1: all 30 late, 20 never served.
    expect(lateRate(needOf(3).demand, 1)).toBeCloseTo(50, 10);
    expect(lateRate(needOf(0).demand, 1)).toBe(0);
    expect(lateRate({ ...needOf(1).demand, serviceMs: 0 }, 1)).toBe(0);
  });
});

describe('a division by marginal benefit (C3)', () => {
  it.each<[string, number, Need[], number[]]>([
    ['equal pools have equal parts', 12, [needOf(2), needOf(2), needOf(2)], [4, 4, 4]],
    ['floors come first', 8, [needOf(6), needOf(0, { min: 3 })], [5, 3]],
    ['a pool without load stays at its floor', 16, [needOf(3), needOf(0)], [15, 1]],
    ['nobody has more than its max', 16, [needOf(3, { max: 5 }), needOf(1, { max: 4 })], [5, 4]],
    ['what nobody has a use for is not given', 16, [needOf(0), needOf(0)], [1, 1]],
    ['twice the load does not take twice the workers', 16, [needOf(8), needOf(4)], [10, 6]],
    ['nothing is there but the floors', 3, [needOf(9), needOf(9), needOf(9)], [1, 1, 1]],
    ['no pools', 3, [], []],
  ])('%s', (_name, workers, needs, sizes) => {
    expect(divide(workers, needs)).toEqual(sizes);
  });

  it('weighs the objectives: whoever may let tasks wait gets by with less', () => {
    const patient = needOf(4, { demand: { ...needOf(4).demand, objectiveMs: 1_000 } });
    const [hasty, slow] = divide(12, [needOf(4), patient]);
    expect(hasty).toBeGreaterThan(slow!);
  });

  it('gives several workers at once where only several help: one pool served rather than two starved', () => {
    const needs = [needOf(5.5), needOf(5.5)];
    const sizes = divide(9, needs);
    expect(Math.max(...sizes)).toBeGreaterThan(5.5);
  });

  it('is the best there is where each pool has its load covered', () => {
    const need = fc
      .record({ load: fc.double({ min: 0.1, max: 4, noNaN: true }), wait: fc.double({ min: 0, max: 5, noNaN: true }) })
      .map(({ load, wait }) => {
        const demand = { arrivalRate: load * 20, serviceMs: 50, variation: 1, objectiveMs: 50 * wait };
        return { min: Math.floor(load) + 1, max: 12, demand };
      });
    fc.assert(
      fc.property(fc.array(need, { minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: 8 }), (needs, spare) => {
        const workers = needs.reduce((sum, { min }) => sum + min, spare);
        expect(costOf(needs, divide(workers, needs))).toBeLessThanOrEqual(
          leastCost(workers, needs) * (1 + 1e-9) + 1e-9,
        );
      }),
      { numRuns: 200 },
    );
  });

  it('is the best there is, or misses it by less than the one step that did not fit', () => {
    const need = fc
      .record({
        load: fc.double({ min: 0, max: 6, noNaN: true }),
        min: fc.integer({ min: 1, max: 2 }),
        serviceMs: fc.constantFrom(10, 50, 400),
        variation: fc.constantFrom(0.5, 1, 4),
      })
      .map(({ load, min, serviceMs, variation }) => ({
        min,
        max: 10,
        demand: { arrivalRate: (load * 1_000) / serviceMs, serviceMs, variation, objectiveMs: 100 },
      }));
    fc.assert(
      fc.property(fc.array(need, { minLength: 2, maxLength: 3 }), fc.integer({ min: 6, max: 14 }), (needs, workers) => {
        const sizes = divide(workers, needs);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(workers);
        const missed = costOf(needs, sizes) - leastCost(workers, needs);
        // The largest step there is takes a pool from its floor to where its load is covered.
        const steps = needs.map(({ demand, min, max }) => lateRate(demand, min) - lateRate(demand, max));
        expect(missed).toBeLessThanOrEqual(Math.max(...steps) + 1e-9);
      }),
      { numRuns: 200 },
    );
  });
});
