import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../../support/random.js';
import { fakePool } from '../../../../support/fake-pool.js';
import { settleMicrotasks } from '../../../../support/virtual-clock.js';
import { watch, type Watched } from '../../../../support/watch.js';
import { endRunning, failItem, Numbers, reader, runningItems } from './source.js';

const RUNS = Number(process.env['POOL_PROPERTY_RUNS'] ?? 300);
const boom = new Error('boom');

const plans = fc.record({
  seed: fc.nat(),
  count: fc.nat(60),
  kind: fc.constantFrom('sync' as const, 'async' as const),
  isOrdered: fc.boolean(),
  concurrency: fc.integer({ min: 1, max: 9 }),
  workers: fc.integer({ min: 1, max: 4 }),
  capacity: fc.integer({ min: 1, max: 4 }),
  overflow: fc.constantFrom('reject' as const, 'wait' as const, 'caller-runs' as const),
  /** Which item's task fails, after how many results the reader leaves, and when an abort comes; often never. */
  failsAt: fc.nat(120),
  leavesAfter: fc.nat(120),
  abortsInRound: fc.nat(250),
  sourceFails: fc.boolean(),
});

describe('whatever happens to a map (P11, P12, P13)', () => {
  it('yields results once and in order, holds no more than it may, and leaves nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const random = new Random(plan.seed);
        const { count, concurrency, overflow, capacity } = plan;
        const size = { min: plan.workers, max: plan.workers };
        const { pool, engine } = await fakePool({ size, queue: { capacity, overflow } });
        const numbers = new Numbers(count, plan.sourceFails ? boom : null);
        const controller = new AbortController();
        const { signal } = controller;
        const settings = { concurrency, ordered: plan.isOrdered, signal };
        const iterator = reader<number>(pool.map<number, number>('work', numbers[plan.kind](), settings));
        const results: number[] = [];
        let reading: Watched<IteratorResult<number, undefined>> | null = null;
        let end: 'all' | 'left' | { readonly error: unknown } | null = null;
        for (let round = 0; !end; round++) {
          if (round > 2_000) throw new Error('the map has not ended');
          if (!reading && random.below(2) === 0) reading = watch(iterator.next());
          if (round === plan.abortsInRound) controller.abort('enough');
          await settleMicrotasks();
          const items = runningItems(engine);
          if (items.length > 0 && random.below(4) > 0) {
            const item = random.pick(items);
            if (item === plan.failsAt) await failItem(engine, item, boom);
            else await endRunning(engine, [item]);
          }
          const { counters, queueDepth, busy } = pool.snapshot();
          expect(queueDepth + busy).toBeLessThanOrEqual(concurrency);
          const { submitted, completed, failed, cancelled } = counters;
          expect(submitted).toBe(completed + failed + cancelled + queueDepth + busy);
          expect(numbers.pulled - results.length).toBeLessThanOrEqual(concurrency + 16);
          if (reading?.state === 'rejected') end = { error: reading.error };
          else if (reading?.state === 'resolved') {
            if (reading.value!.done) end = 'all';
            else results.push(reading.value!.value as number);
            reading = null;
            if (!end && results.length > plan.leavesAfter) {
              await iterator.return();
              end = 'left';
            }
          }
        }
        const inOrder = plan.isOrdered ? results : [...results].sort((a, b) => a - b);
        expect(new Set(results).size).toBe(results.length);
        if (plan.isOrdered || end === 'all') expect(inOrder).toEqual(results.map((_, index) => index * 10));
        if (end === 'all') expect([results.length, plan.sourceFails]).toEqual([count, false]);
        if (typeof end === 'object') expect([boom, 'enough']).toContain(end.error);
        await settleMicrotasks();
        // Nothing runs on but what was cancelled and has yet to notice.
        const { queueDepth, busy, counters } = pool.snapshot();
        expect([queueDepth, busy, counters.refused]).toEqual([0, 0, 0]);
        if (numbers.pulled > 0) expect(numbers.returns).toBe(1);
        expect(await iterator.next()).toEqual({ done: true, value: undefined });
        expect(engine.offences).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  }, 3_600_000);
});
