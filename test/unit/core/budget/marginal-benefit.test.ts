import { describe, expect, it } from 'vitest';
import { createBudget } from '../../../../lib/core/budget/budget.js';
import { VirtualClock } from '../../../support/virtual-clock.js';

/** Demand of a pool with this load, in workers. */
const demandOf = (load: number) => ({ arrivalRate: load * 10, serviceMs: 100, variation: 1, objectiveMs: 100 });

function pools(workers: number, ...names: string[]) {
  const clock = new VirtualClock();
  const budget = createBudget({ workers, sharing: 'marginal-benefit' }, clock);
  const shares = names.map((name) => budget.join({ name, min: 1, max: 16, initial: 1 }));
  return {
    clock,
    budget,
    shares,
    tell: (...loads: number[]) => shares.forEach((share, index) => share.tell?.(demandOf(loads[index]!))),
    wantAll: () => shares.forEach((share) => share.request(16)),
    ceilings: () => shares.map(({ ceiling }) => ceiling),
  };
}

describe('a budget by marginal benefit (C3, S4 Q20)', () => {
  it('is first come until pools have told their demand', () => {
    const { shares, ceilings } = pools(8, 'a', 'b');
    expect(shares[0]!.request(9)).toBe(6);
    expect(ceilings()).toEqual([7, 1]);
  });

  it('divides the workers where all want more than there is', () => {
    const { tell, wantAll, ceilings, shares } = pools(12, 'a', 'b', 'c');
    tell(2, 2, 2);
    wantAll();
    // The first one was lent what the others did not want yet.
    expect(shares.map(({ held }) => held)).toEqual([10, 1, 1]);
    expect(ceilings()).toEqual([4, 4, 4]);
    shares[0]!.release(6);
    wantAll();
    expect(shares.map(({ held }) => held)).toEqual([4, 4, 4]);
  });

  it('lends what a pool does not want, and calls it back when it does', () => {
    const { tell, ceilings, shares } = pools(12, 'a', 'b');
    const [a, b] = [shares[0]!, shares[1]!];
    tell(3, 3);
    a.request(15);
    expect([a.held, b.held]).toEqual([11, 1]);
    expect(b.request(5)).toBe(0);
    expect(ceilings()).toEqual([6, 6]);
    a.release(2);
    // It does not snatch them back.
    expect(a.request(2)).toBe(0);
    expect(b.request(5)).toBe(2);
  });

  it('lets a pool that has told nothing keep what it holds', () => {
    const { shares, wantAll, ceilings } = pools(12, 'a', 'b', 'c');
    shares[2]!.request(3);
    shares[0]!.tell?.(demandOf(3));
    shares[1]!.tell?.(demandOf(3));
    wantAll();
    expect(ceilings()).toEqual([4, 4, 4]);
  });

  it('divides anew once a second, where that is clearly better', () => {
    const { clock, tell, wantAll, ceilings } = pools(12, 'a', 'b');
    tell(4, 4);
    wantAll();
    expect(ceilings()).toEqual([6, 6]);
    clock.compute(999);
    tell(4.9, 3.1);
    expect(ceilings()).toEqual([6, 6]);
    clock.compute(1);
    expect(ceilings()).toEqual([7, 5]);
  });

  it('does so at once where demand has changed much', () => {
    const { tell, wantAll, ceilings } = pools(12, 'a', 'b');
    tell(4, 4);
    wantAll();
    tell(5.1, 2);
    expect(ceilings()[0]).toBeGreaterThan(6);
  });

  it('does not flap where it makes little difference', () => {
    const { clock, tell, wantAll, ceilings } = pools(13, 'a', 'b');
    tell(4, 4);
    wantAll();
    const seen = new Set<string>();
    for (let second = 0; second < 60; second++) {
      clock.compute(1_000);
      wantAll();
      // The odd worker would change hands each time.
      tell(4 + (second % 2 === 0 ? 0.05 : -0.05), 4);
      seen.add(ceilings().join());
    }
    expect([...seen]).toEqual(['7,6']);
  });

  it('divides anew when a pool leaves', () => {
    const { tell, wantAll, ceilings, shares } = pools(12, 'a', 'b');
    tell(4, 4);
    wantAll();
    expect(ceilings()).toEqual([6, 6]);
    shares[1]!.leave();
    expect(shares[0]!.ceiling).toBe(12);
  });

  it('divides anew when a pool comes back with another floor', () => {
    const { budget, tell, wantAll, ceilings, shares } = pools(12, 'a', 'b');
    tell(4, 4);
    wantAll();
    expect(ceilings()).toEqual([6, 6]);
    shares[0]!.release(9);
    shares[1]!.leave();
    const again = budget.join({ name: 'b', min: 9, max: 16, initial: 9 });
    wantAll();
    expect([shares[0]!.ceiling, again.ceiling]).toEqual([3, 9]);
    expect([shares[0]!.held, again.held, budget.read().free]).toEqual([3, 9, 0]);
  });
});
