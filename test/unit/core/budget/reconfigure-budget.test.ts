import { describe, expect, it } from 'vitest';
import { createManagedBudget } from '../../../../lib/core/budget/budget.js';
import type { BudgetOptions } from '../../../../lib/core/budget/resolve-budget.js';
import { LocalPool } from '../../../../lib/core/pool/local-pool.js';
import { resolvePoolOptions } from '../../../../lib/core/pool/resolve-options.js';
import { FakeEngine } from '../../../support/fake-engine.js';
import { submit } from '../../../support/fake-pool.js';
import { settleMicrotasks, VirtualClock } from '../../../support/virtual-clock.js';

type Bounds = { readonly min: number; readonly max: number };

/** Two pools that share a budget; `change` gives all three other options at once, as a file does. */
async function sharing(options: BudgetOptions) {
  const clock = new VirtualClock();
  const budget = createManagedBudget(options, clock);
  budget.reserve({ a: 1, b: 1 });
  const make = (name: string) => {
    const engine = new FakeEngine(clock);
    const resolved = resolvePoolOptions({ name, size: { min: 1, max: 6 }, scaling: false });
    const pool = new LocalPool(resolved, engine, clock, budget.join({ name, min: 1, max: 6, initial: 1 }));
    pool.start();
    return { pool, engine };
  };
  const pools = { a: make('a'), b: make('b') };
  await settleMicrotasks();
  const change = (next: BudgetOptions, bounds: Partial<Record<'a' | 'b', Bounds>> = {}) => {
    const size = (name: 'a' | 'b') => bounds[name] ?? { min: 1, max: 6 };
    const names = ['a', 'b'] as const;
    const prepared = names.map((name) => pools[name].pool.prepare({ name, size: size(name), scaling: false }));
    const shared = budget.prepare(next, new Map(names.map((name) => [name, size(name)])));
    shared.apply();
    for (const each of prepared) each.apply('pools.yaml', shared.changes);
    return shared.changes;
  };
  const targets = () => names().map((name) => pools[name].pool.snapshot().target);
  const names = () => ['a', 'b'] as const;
  return { clock, budget, ...pools, change, targets };
}

describe('a budget that changes while its pools run (O5, C1)', () => {
  it('has more, and says what changed', async () => {
    const { a, change, budget } = await sharing({ workers: 4 });
    await a.pool.resize(3);
    await expect(a.pool.resize(5)).rejects.toThrow('leaves it 3');
    expect(change({ workers: 8 })).toEqual([{ key: 'budget.workers', from: 4, to: 8 }]);
    await a.pool.resize(5);
    expect(budget.read()).toMatchObject({ workers: 8, free: 2 });
  });

  it('has less: targets keep to it at once, busy workers finish, and nobody grows meanwhile', async () => {
    const { a, b, change, targets, budget } = await sharing({ workers: 8 });
    await a.pool.resize(5);
    await b.pool.resize(3);
    const calls = await submit(a.pool, 5);
    change({ workers: 4 });
    expect(targets().reduce((sum, target) => sum + target)).toBeLessThanOrEqual(4);
    expect(a.pool.snapshot().busy).toBe(5);
    expect(budget.read().free).toBe(0);
    await expect(b.pool.resize(3)).rejects.toThrow('leaves it');
    for (const worker of a.engine.running) worker.end('done');
    await settleMicrotasks();
    expect(calls.every(({ state }) => state === 'resolved')).toBe(true);
    const held = budget.read().pools.reduce((sum, pool) => sum + pool.held, 0);
    expect(held).toBeLessThanOrEqual(4);
  });

  it('gives a higher floor at once, and the other pool makes room', async () => {
    const { a, b, change, targets, budget } = await sharing({ workers: 6 });
    await a.pool.resize(5);
    change({ workers: 6 }, { b: { min: 3, max: 6 } });
    expect(targets()).toEqual([3, 3]);
    await settleMicrotasks();
    expect(b.pool.snapshot().live).toBe(3);
    expect(budget.read().pools.map(({ held, min }) => [held, min])).toEqual([
      [3, 1],
      [3, 3],
    ]);
  });

  it('moves a pinned size that it has no room for', async () => {
    const { a, change } = await sharing({ workers: 8 });
    await a.pool.pin(6, { owner: 'ann' });
    change({ workers: 3 });
    expect(a.pool.snapshot()).toMatchObject({ target: 2, override: { size: 2, owner: 'ann' } });
  });

  it('changes how it is shared', async () => {
    const { change, budget } = await sharing({ workers: 6 });
    change({ workers: 6, sharing: 'priority', priorities: { a: 1, b: 2 } });
    expect(budget.read().pools.map(({ name }) => name)).toEqual(['b', 'a']);
    change({ workers: 6, sharing: 'marginal-benefit' });
    expect(budget.read().pools.every(({ priority }) => priority === undefined)).toBe(true);
  });

  it('never entitles pools to more than there is, whatever was divided before', async () => {
    const { a, b, change, budget } = await sharing({ workers: 12, sharing: 'marginal-benefit' });
    await a.pool.resize(6);
    await b.pool.resize(6);
    for (const workers of [9, 5, 3, 2]) {
      change({ workers, sharing: 'marginal-benefit' });
      const pools = budget.read().pools;
      expect(pools.reduce((sum, { ceiling }) => sum + ceiling, 0)).toBeLessThanOrEqual(workers);
      expect(pools.every(({ ceiling, min }) => ceiling >= min)).toBe(true);
    }
    await settleMicrotasks();
    expect(budget.read().pools.map(({ held }) => held)).toEqual([1, 1]);
  });

  it('refuses floors that do not fit, and priorities of nobody; nothing changes', async () => {
    const { change, budget } = await sharing({ workers: 4 });
    const before = budget.read();
    expect(() => change({ workers: 4 }, { a: { min: 4, max: 6 } })).toThrow('size.min of its pools add up to 5');
    expect(() => change({ workers: 1 })).toThrow('add up to 2');
    const unknown = { workers: 4, sharing: 'priority', priorities: { a: 1, b: 2, c: 3 } } as const;
    expect(() => change(unknown)).toThrow("budget.priorities has a priority for 'c'");
    expect(budget.read()).toEqual(before);
  });

  it('may go on speaking of a pool that was closed', async () => {
    const priorities = { a: 2, b: 1 };
    const { b, change, budget } = await sharing({ workers: 4, sharing: 'priority', priorities });
    await b.pool.close();
    change({ workers: 6, sharing: 'priority', priorities });
    expect(budget.read()).toMatchObject({ workers: 6, pools: [{ name: 'a', priority: 2 }] });
    expect(() => change({ workers: 6, sharing: 'priority', priorities: { a: 2, c: 1 } })).toThrow('no such pool');
  });
});
