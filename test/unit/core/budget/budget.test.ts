import { describe, expect, it } from 'vitest';
import { createBudget, type Budget } from '../../../../lib/core/budget/budget.js';
import { PoolConfigError } from '../../../../lib/core/errors.js';
import { usableCores } from '../../../../lib/core/usable-cores.js';

const join = (budget: Budget, name: string, min = 1, initial = min, max = 16) =>
  budget.join({ name, min, max, initial });

describe('a budget, first come (C1, S1 T17)', () => {
  it('grants what is there, and what was released to whoever asks next', () => {
    const budget = createBudget({ workers: 10 });
    const [a, b] = [join(budget, 'a'), join(budget, 'b')];
    expect([a.request(6), b.request(6), b.request(1)]).toEqual([6, 2, 0]);
    a.release(3);
    expect([a.held, b.request(6), b.held]).toEqual([4, 3, 6]);
  });

  it('keeps the floor of each pool free for it, held or not', () => {
    const budget = createBudget({ workers: 8 });
    const [a, b] = [join(budget, 'a', 2), join(budget, 'b', 3)];
    b.release(3);
    expect(a.request(9)).toBe(3);
    expect(budget.read().free).toBe(0);
    expect(b.request(9)).toBe(3);
  });

  it('grants as many workers at the start as there are', () => {
    const budget = createBudget({ workers: 8 });
    const shares = [join(budget, 'a', 1, 5), join(budget, 'b', 1, 5)];
    expect(shares.map(({ held }) => held)).toEqual([5, 3]);
  });

  it('keeps the floors of pools that have yet to join', () => {
    const budget = createBudget({ workers: 8 });
    budget.reserve({ a: 1, b: 1, c: 2 });
    expect(budget.read()).toEqual({ workers: 8, free: 4, pools: [] });
    const shares = [join(budget, 'a', 1, 5), join(budget, 'b', 1, 5), join(budget, 'c', 2)];
    expect(shares.map(({ held }) => held)).toEqual([5, 1, 2]);
    shares[2]!.leave();
    // It was there, and is awaited no more.
    expect(shares[1]!.request(9)).toBe(2);
  });

  it('grants no more than the max of a pool', () => {
    const share = join(createBudget({ workers: 32 }), 'a', 1, 1, 4);
    expect(share.request(9)).toBe(3);
    expect(share.ceiling).toBe(4);
  });

  it('has everything back when a pool leaves, and hears no more from it', () => {
    const budget = createBudget({ workers: 8 });
    const [a, b] = [join(budget, 'a', 2, 6), join(budget, 'b')];
    a.leave();
    a.leave();
    a.release(3);
    expect([a.request(4), a.held, a.ceiling]).toEqual([0, 0, 0]);
    expect(b.request(9)).toBe(7);
    b.leave();
    expect(budget.read()).toEqual({ workers: 8, free: 8, pools: [] });
    expect(join(budget, 'a', 8).held).toBe(8);
  });

  it('takes back no more than was held', () => {
    const budget = createBudget({ workers: 4 });
    join(budget, 'a').release(9);
    expect(budget.read()).toMatchObject({ free: 3, pools: [{ held: 0 }] });
  });

  it('tells how it stands, frozen', () => {
    const budget = createBudget({ workers: 8 });
    join(budget, 'a', 1, 4);
    join(budget, 'b', 2, 2, 3);
    const reading = budget.read();
    expect(reading).toEqual({
      workers: 8,
      free: 2,
      pools: [
        { name: 'a', held: 4, ceiling: 6, min: 1 },
        { name: 'b', held: 2, ceiling: 3, min: 2 },
      ],
    });
    expect([reading, reading.pools, reading.pools[0]].every(Object.isFrozen)).toBe(true);
  });

  it('takes the usable cores', () => {
    expect(createBudget({ workers: 'usable-cores' }).read().workers).toBe(usableCores());
  });
});

describe('a budget refuses', () => {
  it.each([
    [{}, /^budget\.workers is undefined, but must be a whole number from 1 to 65,536 or 'usable-cores'\.$/],
    [{ workers: 0 }, /budget\.workers is 0/],
    [{ workers: 'cores' }, /budget\.workers is "cores"/],
    [{ workers: 8, sharing: 'fair' }, /budget\.sharing is "fair", but must be 'first-come' or 'priority' or/],
    [{ workers: 8, shering: 'priority' }, /budget has no option "shering"\. Did you mean 'sharing'\?/],
    [
      { workers: 8, priorities: { a: 1 } },
      /budget\.priorities is an object, but must be left out where sharing is 'fi/,
    ],
    [{ workers: 8, sharing: 'priority' }, /budget\.priorities is undefined, but must be an object/],
    [{ workers: 8, sharing: 'priority', priorities: { a: '1' } }, /budget\.priorities\.a is "1", but must be a finite/],
    [
      { workers: 8, sharing: 'priority', priorities: { a: 1, b: 2, c: 1 } },
      /budget\.priorities has 1 for 'a' and for 'c': give each its own/,
    ],
  ])('%o', (options, message) => {
    expect(() => createBudget(options as never)).toThrow(message);
    expect(() => createBudget(options as never)).toThrow(PoolConfigError);
  });

  it('pools whose floors do not fit, with all the numbers', () => {
    const budget = createBudget({ workers: 4 });
    join(budget, 'a', 2);
    join(budget, 'b', 1);
    expect(() => join(budget, 'c', 2)).toThrow(
      "pool 'c': the budget has 4 workers, but the size.min of its pools add up to 5: a 2, b 1, c 2. Raise budget.workers to 5 or more, or lower a size.min.",
    );
    expect(budget.read().pools).toHaveLength(2);
    expect(() => budget.reserve({ d: 1 })).toThrow('budget.reserve(mins) comes too late: a, b joined before it.');
    expect(() => budget.reserve({ d: 3, e: 4 })).toThrow(
      'the budget has 4 workers, but the size.min of its pools add up to 7: d 3, e 4. Raise',
    );
    expect(() => budget.reserve({ d: 0 })).toThrow(
      /^pool 'd': budget\.reserve\(mins\) is 0, but must be a whole number/,
    );
  });

  it('a pool that comes when others hold what its floor needs', () => {
    const budget = createBudget({ workers: 8 });
    const a = join(budget, 'a', 1, 7);
    expect(() => join(budget, 'b', 2)).toThrow(
      /^pool 'b': size\.min is 2, but of the 8 workers of the budget 1 are free; the others are held: a 7\. Let/,
    );
    a.release(1);
    expect(join(budget, 'b', 2).held).toBe(2);
  });

  it('a second pool of the same name', () => {
    const budget = createBudget({ workers: 8 });
    join(budget, 'a');
    expect(() => join(budget, 'a')).toThrow(/pool 'a': it has joined the budget already/);
  });

  it('pools without a priority, and priorities without a pool, with the nearest there is', () => {
    const budget = createBudget({ workers: 8, sharing: 'priority', priorities: { imges: 2, mail: 1 } });
    expect(() => join(budget, 'images')).toThrow(
      "pool 'images': budget.priorities has no priority for it. Did you mean 'imges'? It has some for: imges, mail.",
    );
    expect(() => budget.reserve({ images: 1, mail: 1 })).toThrow(
      "budget.priorities has a priority for 'imges', but there is no such pool. Did you mean 'images'? Pools: images, mail.",
    );
    expect(() => budget.reserve({ imges: 1, mail: 1 })).not.toThrow();
  });

  it.each([
    [{ min: 0 }, /pool 'a': budget\.join\(pool\)\.min is 0/],
    [{ max: 1 }, /pool 'a': budget\.join\(pool\)\.max is 1, but must be a whole number from 2/],
    [{ initial: 1 }, /pool 'a': budget\.join\(pool\)\.initial is 1/],
    [{ name: '' }, /budget\.join\(pool\)\.name is ""/],
  ])('a pool with %o', (part, message) => {
    const budget = createBudget({ workers: 8 });
    expect(() => budget.join({ name: 'a', min: 2, max: 4, initial: 2, ...part })).toThrow(message);
  });

  it.each([-1, 0.5, NaN])('a request for %d workers', (n) => {
    const share = join(createBudget({ workers: 8 }), 'a');
    expect(() => share.request(n)).toThrow(/pool 'a': budget share: request\(n\) is/);
    expect(() => share.release(n)).toThrow(/pool 'a': budget share: release\(n\) is/);
  });
});
