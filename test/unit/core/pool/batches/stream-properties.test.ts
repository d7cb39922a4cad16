import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PoolError } from '../../../../../lib/core/errors.js';
import { fakePool } from '../../../../support/fake-pool.js';
import { Random } from '../../../../support/random.js';
import { settleMicrotasks } from '../../../../support/virtual-clock.js';
import { watch, type Watched } from '../../../../support/watch.js';
import { reader } from './source.js';

const RUNS = Number(process.env['POOL_PROPERTY_RUNS'] ?? 300);
const boom = new Error('boom');

const plans = fc.record({
  seed: fc.nat(),
  count: fc.nat(80),
  presend: fc.constantFrom(0, 3),
  workers: fc.integer({ min: 1, max: 2 }),
  /** How the task ends, if it gets there. */
  end: fc.constantFrom('well' as const, 'fails' as const, 'crashes' as const),
  /** After how many items the reader leaves, and when others interfere; often never. */
  leavesAfter: fc.nat(160),
  abortsInRound: fc.nat(400),
  closesInRound: fc.nat(800),
  timeoutMs: fc.option(fc.integer({ min: 50, max: 2_000 }), { nil: undefined }),
});

describe('whatever happens to a stream (P11, P12)', () => {
  it('yields its items once and in order, is never ahead by more than 16, and leaves nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const random = new Random(plan.seed);
        const size = { min: plan.workers, max: plan.workers };
        const { pool, engine, clock } = await fakePool({ size }, { presend: plan.presend });
        const controller = new AbortController();
        const { signal } = controller;
        const timeoutMs = plan.timeoutMs === undefined ? {} : { timeoutMs: plan.timeoutMs };
        const items = reader(pool.stream<number>('work', ['the stream'], { signal, ...timeoutMs }));
        expect(pool.snapshot().counters.submitted).toBe(0);
        const read: number[] = [];
        let reading: Watched<IteratorResult<number, undefined>> | null = null;
        let yielded = 0;
        let hasEnded = false;
        let end: 'all' | 'left' | { readonly error: unknown } | null = null;
        for (let round = 0; !end; round++) {
          if (round > 5_000) throw new Error('the stream has not ended');
          if (!reading && random.below(2) === 0) reading = watch(items.next());
          if (round === plan.abortsInRound) controller.abort('enough');
          if (round === plan.closesInRound) void pool.close({ force: true });
          await clock.advance(random.below(4));
          for (let more = random.below(6); more > 0; more--) {
            const worker = engine.running.find(({ started }) => started.some(({ answer }) => answer === 'stream'));
            const task = worker?.started[0];
            if (!worker || !task || worker.aborts.has(task)) break;
            if (yielded < plan.count) {
              if (worker.creditOf(task) > 0) worker.yield(task, yielded++);
              expect(yielded - read.length - (reading?.state === 'resolved' ? 1 : 0)).toBeLessThanOrEqual(16);
            } else if (!hasEnded) {
              hasEnded = true;
              if (plan.end === 'crashes') worker.crash();
              else worker.end(plan.end === 'well' ? undefined : boom, plan.end === 'well', [task]);
            }
          }
          await settleMicrotasks();
          const { counters, queueDepth, busy } = pool.snapshot();
          const { submitted, completed, failed, cancelled } = counters;
          expect(submitted).toBe(completed + failed + cancelled + queueDepth + busy);
          if (reading?.state === 'rejected') end = { error: reading.error };
          else if (reading?.state === 'resolved') {
            if (reading.value!.done) end = 'all';
            else read.push(reading.value!.value as number);
            reading = null;
            if (!end && read.length > plan.leavesAfter) {
              await items.return();
              end = 'left';
            }
          }
        }
        expect(read).toEqual(read.map((_, index) => index));
        if (end === 'all') expect([read.length, plan.end]).toEqual([plan.count, 'well']);
        if (typeof end === 'object') {
          const { error } = end;
          expect(error === boom || error === 'enough' || error instanceof PoolError).toBe(true);
          // All but an abort waits until what came before was read.
          if (error !== 'enough') expect(read.length).toBe(yielded);
        }
        expect(await items.next()).toEqual({ done: true, value: undefined });
        for (const worker of engine.running) {
          for (const task of worker.started) {
            expect(worker.aborts.has(task)).toBe(true);
            // What comes from whoever has not noticed is for nobody.
            if (worker.creditOf(task) > 0) worker.yield(task, 'late');
            worker.end(undefined, true, [task]);
          }
        }
        await settleMicrotasks();
        expect(pool.snapshot()).toMatchObject({ queueDepth: 0, busy: 0 });
        expect(engine.offences).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  }, 3_600_000);
});
