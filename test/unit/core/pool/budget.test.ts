import { describe, expect, it } from 'vitest';
import { createBudget } from '../../../../lib/core/budget/budget.js';
import { LocalPool } from '../../../../lib/core/pool/local-pool.js';
import { resolvePoolOptions } from '../../../../lib/core/pool/resolve-options.js';
import { createPool } from '../../../../lib/entries/create.js';
import { FakeEngine } from '../../../support/fake-engine.js';
import { submit } from '../../../support/fake-pool.js';
import { settleMicrotasks, VirtualClock } from '../../../support/virtual-clock.js';

const clock = new VirtualClock();

/** Two pools of 1 to 6 workers that share so many. */
async function sharing(workers: number) {
  const budget = createBudget({ workers }, clock);
  budget.reserve({ a: 1, b: 1 });
  const make = (name: 'a' | 'b') => {
    const options = resolvePoolOptions({ name, size: { min: 1, max: 6 }, scaling: false });
    const engine = new FakeEngine(clock);
    const pool = new LocalPool(options, engine, clock, budget.join({ name, min: 1, max: 6, initial: 1 }));
    pool.start();
    return { pool, engine };
  };
  const [a, b] = [make('a'), make('b')];
  await settleMicrotasks();
  const held = () => Object.fromEntries(budget.read().pools.map(({ name, held }) => [name, held]));
  return { budget, a, b, held };
}

describe('pools that share a budget (C1)', () => {
  it('grow within it, by whomever they are resized, and are told what is left', async () => {
    const { a, b, held } = await sharing(8);
    await a.pool.resize(5);
    await expect(b.pool.resize(4)).rejects.toThrow(
      "pool 'b' cannot have 4 workers: the budget that it shares with other pools leaves it 3 at present. Shrink another pool, or raise budget.workers.",
    );
    await expect(b.pool.pin(4)).rejects.toThrow('leaves it 3 at present');
    await expect(b.pool.prewarm(4)).rejects.toThrow('leaves it 3 at present');
    expect(b.pool.snapshot()).toMatchObject({ target: 1, size: 1, override: null });
    expect(held()).toEqual({ a: 5, b: 1 });
    await b.pool.resize(3);
    expect(held()).toEqual({ a: 5, b: 3 });
  });

  it('give back what has left, and nothing before: a busy worker that is to leave still counts', async () => {
    const { a, b, held } = await sharing(8);
    await a.pool.resize(6);
    await submit(a.pool, 6);
    const shrunk = a.pool.resize(1);
    expect(held()).toEqual({ a: 6, b: 1 });
    await expect(b.pool.resize(3)).rejects.toThrow('leaves it 2 at present');
    for (const worker of a.engine.running) worker.end('done');
    await shrunk;
    expect(held()).toEqual({ a: 1, b: 1 });
    await b.pool.resize(6);
    expect(held()).toEqual({ a: 1, b: 6 });
  });

  it('an override that ends goes back as far as there is room', async () => {
    const { a, b, held } = await sharing(8);
    await a.pool.resize(5);
    await a.pool.pin(1, { forMs: 1_000 });
    await b.pool.resize(6);
    await clock.advance(1_000);
    expect(a.pool.snapshot()).toMatchObject({ target: 2, override: null });
    expect(held()).toEqual({ a: 2, b: 6 });
  });

  it('a closed pool gives back all it held, its floor included', async () => {
    const { budget, a, b } = await sharing(8);
    await a.pool.resize(5);
    await a.pool.close();
    expect(budget.read()).toMatchObject({ free: 7, pools: [{ name: 'b', held: 1 }] });
    await b.pool.resize(6);
  });

  it('a pool that cannot be made leaves nothing behind in it', () => {
    const budget = createBudget({ workers: 4 });
    const make = (options: object) => () =>
      createPool({ name: 'calls', kind: 'async', size: { max: 2 }, budget, ...options } as never);
    expect(make({ tasks: { broken: 1 } })).toThrow('tasks.broken is 1');
    expect(make({ tasks: {}, scaling: { policy: 'balancd' } })).toThrow("Did you mean 'balanced'?");
    expect(budget.read().pools).toEqual([]);
    expect(make({ tasks: {}, budget: { workers: 4 } })).toThrow('budget is an object, but must be what createBudget()');
  });
});
