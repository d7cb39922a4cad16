import { describe, expect, it } from 'vitest';
import { createBudget } from '../../../../lib/core/budget/budget.js';
import { LocalPool } from '../../../../lib/core/pool/local-pool.js';
import { resolvePoolOptions } from '../../../../lib/core/pool/resolve-options.js';
import type { Decider } from '../../../../lib/core/scaling/contract.js';
import { ControlLoop } from '../../../../lib/core/scaling/control-loop.js';
import { Pipeline } from '../../../../lib/core/scaling/pipeline.js';
import { guard } from '../../../support/build.js';
import { FakeEngine } from '../../../support/fake-engine.js';
import { submit } from '../../../support/fake-pool.js';
import { settleMicrotasks, VirtualClock } from '../../../support/virtual-clock.js';

const TICK_MS = 250;
const NAMES = ['reports', 'mail', 'images'] as const;
type Name = (typeof NAMES)[number];

/** Three pools of up to eight workers under one budget of eight; images come first, reports last. */
async function threePools() {
  const clock = new VirtualClock();
  const budget = createBudget(
    { workers: 8, sharing: 'priority', priorities: { reports: 1, mail: 5, images: 9 } },
    clock,
  );
  budget.reserve({ reports: 1, mail: 1, images: 1 });
  const wishes: Record<Name, number> = { reports: 1, mail: 1, images: 1 };
  const made = NAMES.map((name) => {
    const share = budget.join({ name, min: 1, max: 8, initial: 1 });
    // Slow to exit, and slower than a tick.
    const engine = new FakeEngine(clock, { bootMs: 100, exitMs: 400 });
    const pool = new LocalPool(resolvePoolOptions({ name, size: { min: 1, max: 8 } }), engine, clock);
    pool.start();
    const decider: Decider = { decide: () => ({ target: wishes[name], why: 'a wish' }) };
    const guards = [guard({ type: 'budget' }, { budget: share })];
    const loop = new ControlLoop(
      pool,
      clock,
      { decision: () => undefined, flapping: () => undefined, fault: (fault) => expect.fail(fault.message) },
      'retry',
      new Pipeline({ tickMs: TICK_MS, signals: new Map(), decider, guards, forecast: null }),
    );
    loop.start();
    return [name, { share, engine, pool, loop }] as const;
  });
  await settleMicrotasks();
  const pools = Object.fromEntries(made) as Record<Name, (typeof made)[number][1]>;
  const all = Object.values(pools);
  const alive = () => all.reduce((sum, { engine }) => sum + engine.alive.length, 0);
  return {
    budget,
    pools,
    wishes,
    targets: () => NAMES.map((name) => pools[name].pool.snapshot().target),
    sizes: () => NAMES.map((name) => pools[name].engine.alive.length),
    /** Ticks of all three, in turn; the budget holds at every one of them, for the workers that there really are. */
    async ticks(count: number) {
      for (let tick = 0; tick < count; tick++) {
        for (const { loop } of all) {
          loop.tick();
          expect(alive()).toBeLessThanOrEqual(8);
        }
        await clock.advance(TICK_MS);
        const held = budget.read().pools.reduce((sum, pool) => sum + pool.held, 0);
        expect(held).toBeLessThanOrEqual(8);
        expect(alive()).toBeLessThanOrEqual(held);
      }
    },
  };
}

describe('three pools under one priority budget (C1, C2)', () => {
  it('gives the highest what it needs as the others get free, cuts nothing short, and takes nothing for good', async () => {
    const { budget, pools, wishes, targets, sizes, ticks } = await threePools();
    wishes.reports = 8;
    await ticks(4);
    expect(sizes()).toEqual([6, 1, 1]);
    const reports = await submit(pools.reports.pool, 6);

    wishes.images = 4;
    await ticks(4);
    // Told to shrink, but all of them work: nobody is taken away, and nobody is started on top.
    expect(targets()).toEqual([3, 1, 1]);
    expect(sizes()).toEqual([6, 1, 1]);
    expect(pools.reports.loop.decisions(1)).toMatchObject([{ proposed: 8, to: 3, heldBy: 'budget' }]);
    expect(pools.images.loop.decisions(1)).toMatchObject([{ proposed: 4, to: 1, heldBy: 'budget' }]);
    expect(budget.read().pools.map(({ name, held, ceiling }) => [name, held, ceiling])).toEqual([
      ['images', 1, 4],
      ['mail', 1, 1],
      ['reports', 6, 3],
    ]);

    // Mail, in the middle, cannot snatch what is on its way to images, and has its turn after them.
    wishes.mail = 2;
    pools.reports.engine.running[0]!.end();
    await ticks(5);
    expect(sizes()).toEqual([5, 1, 2]);
    for (const worker of pools.reports.engine.running.slice(0, 4)) worker.end();
    await ticks(6);
    expect(sizes()).toEqual([2, 2, 4]);

    wishes.images = 1;
    await ticks(8);
    expect(sizes()).toEqual([5, 2, 1]);
    wishes.mail = 1;
    await ticks(8);
    expect(sizes()).toEqual([6, 1, 1]);

    for (const worker of pools.reports.engine.running) worker.end();
    await settleMicrotasks();
    expect(reports.map(({ state }) => state)).toEqual(Array.from({ length: 6 }, () => 'resolved'));
    const { engine } = pools.reports;
    expect(engine.offences).toEqual([]);
    expect(engine.workers.some(({ isTerminated }) => isTerminated)).toBe(false);
  });

  it('has back what a pool held that closed', async () => {
    const { budget, pools, wishes, sizes, ticks } = await threePools();
    Object.assign(wishes, { images: 6, reports: 8 });
    await ticks(4);
    expect(sizes()).toEqual([1, 1, 6]);
    pools.images.loop.stop();
    const closed = pools.images.pool.close();
    await ticks(2);
    await closed;
    pools.images.share.leave();
    await ticks(2);
    expect(sizes()).toEqual([7, 1, 0]);
    expect(budget.read().pools.map(({ name, held }) => [name, held])).toEqual([
      ['mail', 1],
      ['reports', 7],
    ]);
  });
});
