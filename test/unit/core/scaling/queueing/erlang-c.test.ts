import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cheapestServers,
  erlangB,
  erlangC,
  lateShare,
  lateShareOfConstant,
  leastServers,
  meanQueue,
  meanWait,
  variationOf,
} from '../../../../../lib/core/scaling/queueing/erlang-c.js';

/** Erlang's C from its definition, summed over logarithms: another way to the same figure. */
function byLogarithms(servers: number, load: number): number {
  const terms: number[] = [];
  let logTerm = 0;
  for (let k = 0; k < servers; k++) {
    terms.push(logTerm);
    logTerm += Math.log(load / (k + 1));
  }
  const waiting = logTerm + Math.log(servers / (servers - load));
  const top = Math.max(waiting, ...terms);
  const sum = terms.reduce((total, term) => total + Math.exp(term - top), Math.exp(waiting - top));
  return Math.exp(waiting - top) / sum;
}

describe("Erlang's formulas (D5)", () => {
  it.each([
    // One server: every arrival that finds it busy waits.
    [1, 0.5, 0.5],
    [1, 0.9, 0.9],
    // Two servers, by hand: B = (1/2) / (1 + 1 + 1/2) = 1/5, C = 2 B / (2 - 1 (1 - B)) = 1/3.
    [2, 1, 1 / 3],
    // Three, by hand: terms 1, 2, 2 and 4/3 x 3 = 4, so 4/9.
    [3, 2, 4 / 9],
    [4, 0, 0],
  ])('%i servers with a load of %d make %d of the arrivals wait', (servers, load, share) => {
    expect(erlangC(servers, load)).toBeCloseTo(share, 12);
  });

  it('agrees with the definition, for 1 to 1,024 servers at any load', () => {
    const most = 1_024;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: most }),
        fc.double({ min: 0.01, max: 0.9999, noNaN: true }),
        (servers, rho) => {
          const expected = byLogarithms(servers, rho * servers);
          const told = erlangC(servers, rho * servers);
          expect(Math.abs(told - expected)).toBeLessThanOrEqual(1e-9 * expected + 1e-300);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('makes everybody wait where the load is not less than the servers', () => {
    expect(erlangC(4, 4)).toBe(1);
    expect(erlangC(4, 9)).toBe(1);
    expect(meanQueue(4, 4)).toBe(Infinity);
  });

  it('loses arrivals only for want of servers', () => {
    expect(erlangB(0, 3)).toBe(1);
    // By hand: (2^2/2) / (1 + 2 + 2).
    expect(erlangB(2, 2)).toBeCloseTo(0.4, 12);
  });
});

describe('waits (D5)', () => {
  it('are those of M/M/1', () => {
    // rho = 0.8: queue rho^2 / (1 - rho) = 3.2, wait rho / (1 - rho) = 4, tail rho exp(-(1 - rho) t).
    expect(meanQueue(1, 0.8)).toBeCloseTo(3.2, 12);
    expect(meanWait(1, 0.8)).toBeCloseTo(4, 12);
    expect(lateShare(1, 0.8, 5)).toBeCloseTo(0.8 * Math.exp(-1), 12);
  });

  it('are half as long with constant service times, as in M/D/1', () => {
    expect(variationOf(0)).toBe(0.5);
    expect(meanQueue(1, 0.8, variationOf(0))).toBeCloseTo(0.8 ** 2 / (2 * 0.2), 12);
  });

  it('are 0 without load', () => {
    expect(meanWait(3, 0)).toBe(0);
    expect(meanQueue(3, 0)).toBe(0);
  });

  it('never exceed the objective where there is nothing to exceed it with', () => {
    expect(lateShare(2, 0, 0)).toBe(0);
    expect(lateShare(2, 5, 10)).toBe(1);
  });
});

describe('the least servers (D5)', () => {
  it.each([
    // M/M/1 at load 0.5: 0.5 exp(-0.5 x 8) = 0.00916.
    [0.5, 0.01, 8, 1, 1],
    // 0.5 exp(-0.5 x 7) = 0.0151 is too many; two servers: 0.1 exp(-1.5 x 7) is not.
    [0.5, 0.01, 7, 1, 2],
    // No wait allowed: C(2, 1) = 1/3, C(3, 1) = 1/11, C(4, 1) = 1/49.
    [1, 0.1, 0, 1, 3],
    [1, 0.05, 0, 1, 4],
    [0, 0.01, 1, 1, 1],
  ])('for a load of %d, %d late over %d service times, variation %d: %i', (load, late, wait, variation, servers) => {
    expect(leastServers(load, late, wait, variation, 64)).toBe(servers);
  });

  it('are the first that do, by the same formula', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 40, noNaN: true }),
        fc.double({ min: 0.001, max: 0.2, noNaN: true }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        fc.double({ min: 0.5, max: 4.5, noNaN: true }),
        (load, late, wait, variation) => {
          const servers = leastServers(load, late, wait, variation, 1_024);
          expect(lateShare(servers, load, wait, variation)).toBeLessThanOrEqual(late);
          if (servers > 1) expect(lateShare(servers - 1, load, wait, variation)).toBeGreaterThan(late);
        },
      ),
    );
  });

  it('stop at the most there may be', () => {
    expect(leastServers(1_000, 0.01, 0, 1, 1_024)).toBe(1_024);
    expect(leastServers(5_000, 0.01, 2, 1, 1_024)).toBe(1_024);
    expect(leastServers(900, 0.01, 0, 1, 1_024)).toBeLessThan(1_024);
  });
});

describe('the cheapest servers (D8)', () => {
  it('are those at which servers and waiting together cost least', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 30, noNaN: true }),
        fc.double({ min: 0.001, max: 5, noNaN: true }),
        fc.double({ min: 0.5, max: 4.5, noNaN: true }),
        fc.constantFrom(1, 2, 4, 16),
        (load, price, variation, each) => {
          const cost = (servers: number) => (price * servers) / each + meanQueue(servers, load, variation);
          const cheapest = cheapestServers(load, price, variation, 64, each);
          expect(cheapest % each).toBe(0);
          for (let servers = each; servers <= 64; servers += each) {
            expect(cost(cheapest)).toBeLessThanOrEqual(cost(servers) + 1e-9);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it.each([
    // M/M/c at load 1: queues 1/3, 1/22, 1/147 of 2, 3 and 4 servers; the third saves 0.288, the fourth 0.039.
    [1, 0.3, 2],
    [1, 0.2, 3],
    [1, 0.03, 4],
    [0, 0.1, 1],
  ])('at a load of %d and %d tasks to a server: %i', (load, price, servers) => {
    expect(cheapestServers(load, price, 1, 64)).toBe(servers);
  });

  it('stop at the most there may be', () => {
    expect(cheapestServers(10, 0.1, 1, 8)).toBe(8);
    expect(cheapestServers(10, 1e-30, 1, 16)).toBe(16);
  });
});

describe("Erlang's series for equal service times (M/D/1)", () => {
  it.each([
    // Nobody waits who finds the server free.
    [0.3, 0, 0.3],
    [0.9, 0, 0.9],
    // Below one service time: 1 - (1 - load) exp(load x wait).
    [0.5, 0.5, 1 - 0.5 * Math.exp(0.25)],
    // One and a half: 1 - 0.5 (exp(0.75) - 0.25 exp(0.25)), by hand 1 - 0.5 (2.11700 - 0.32101) = 0.10200.
    [0.5, 1.5, 0.102],
    [1, 3, 1],
    [1.5, 0, 1],
  ])('with a load of %d, waits over %d service times: a share of %d', (load, wait, share) => {
    expect(lateShareOfConstant(load, wait)).toBeCloseTo(share, 4);
  });

  it.each([0.3, 0.5, 0.7, 0.8])('has the mean wait of Pollaczek and Khinchine at a load of %d', (load) => {
    // The mean is the integral of the tail, by the trapezoidal rule within service times, where the tail is smooth.
    const steps = 200;
    let mean = 0;
    for (let step = 0; step < 20 * steps; step++) {
      const [from, to] = [step / steps, (step + 1) / steps - 1e-12];
      mean += (lateShareOfConstant(load, from) + lateShareOfConstant(load, to)) / 2 / steps;
    }
    expect(mean).toBeCloseTo(load / (2 * (1 - load)), 3);
  });
});
