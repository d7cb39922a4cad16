import { describe, expect, it } from 'vitest';
import { ceilings, grantable } from '../../../../lib/core/budget/allotment.js';
import type { Claim } from '../../../../lib/core/budget/claim.js';

/** Pools with a floor of 1, by what they hold and want. */
const claims = (...held: (number | [held: number, want: number])[]): Claim[] =>
  held.map((part, index) => {
    const [held, want] = Array.isArray(part) ? part : [part, part];
    return { pool: `${index}`, min: 1, max: 8, held, want };
  });

describe('ceilings of pools that share a budget', () => {
  it.each([
    ['everything that nobody is entitled to is open to all', 12, claims(3, 1), [3, 1], [8, 8]],
    ['the max of a pool holds', 20, claims(1, 1), [1, 1], [8, 8]],
    ['what was lent stays while there is enough', 10, claims(5, 4), [2, 2], [6, 5]],
    ['whoever was lent most gives first', 10, claims(6, 4, 1), [2, 2, 3], [4, 3, 3]],
    ['among equals the lower in rank', 10, claims(4, 4, 1), [2, 2, 3], [4, 3, 3]],
    ['nothing is lent where all is called for', 8, claims(6, 1), [3, 5], [3, 5]],
  ])('%s', (_name, workers, given, entitled, expected) => {
    expect(ceilings(workers, given, entitled)).toEqual(expected);
  });
});

describe('what a pool can have now', () => {
  it.each([
    ['what it wants', 8, claims([1, 3], 1), [1, 1], 0, 2],
    ['what is free', 8, claims([3, 8], 4), [8, 1], 0, 1],
    ['what its ceiling allows', 8, claims(1, [1, 8]), [4, 4], 1, 3],
    ['its floor, though a higher pool waits', 8, claims([7, 8], [0, 8]), [7, 1], 1, 1],
    ['nothing that a higher pool waits for', 8, claims([2, 4], [1, 4], [3, 3]), [4, 3, 1], 1, 0],
    ['what the higher pool leaves', 8, claims([2, 4], [1, 3], [1, 1]), [4, 3, 1], 1, 2],
    ['nothing above its ceiling, though it holds more', 8, claims([1, 4], [6, 8]), [4, 4], 1, 0],
  ])('%s', (_name, workers, given, entitled, index, expected) => {
    expect(grantable(workers, given, entitled, index)).toBe(expected);
  });
});
