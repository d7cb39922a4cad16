import fc from 'fast-check';
import type { PoolOptions, QueueOptions } from '../../../../../lib/core/contract/pool-options.js';
import type { RunOptions } from '../../../../../lib/core/contract/run-options.js';
import type { FakeEngineOptions } from '../../../../support/fake-engine.js';

const RUN_OPTIONS = ['timeoutMs', 'queueTimeoutMs', 'priority', 'tenant'] as const;

/** One thing that happens to a pool. Numbers that pick a worker or a call are taken modulo how many there are. */
export type Step =
  | { readonly do: 'submit'; readonly count: number; readonly options: Pick<RunOptions, (typeof RUN_OPTIONS)[number]> }
  | { readonly do: 'begin' | 'end' | 'fail' | 'endOne'; readonly worker: number }
  | { readonly do: 'cancel'; readonly call: number }
  | { readonly do: 'resize'; readonly target: number; readonly eager: boolean }
  | { readonly do: 'prewarm'; readonly n: number }
  | { readonly do: 'pin'; readonly size: number; readonly forMs?: number }
  | { readonly do: 'pause' | 'resume' | 'drain' | 'release' }
  | { readonly do: 'crash'; readonly worker: number; readonly claim: 'as it is' | 'started' | 'done' }
  | { readonly do: 'grow heap'; readonly worker: number }
  | { readonly do: 'break'; readonly what: 'boot' | 'spawn' | 'nothing' }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'close'; readonly timeoutMs: number };

export interface Scenario {
  readonly pool: Partial<PoolOptions>;
  readonly engine: FakeEngineOptions;
  readonly steps: readonly Step[];
}

export const MAX = 4;

const worker = fc.nat(5);
const ms = fc.constantFrom(0, 1, 50, 100, 500, 5_000, 40_000);
const size = fc.integer({ min: 0, max: MAX + 1 });
const deadline = fc.constantFrom(10, 100, 1_000);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 36,
    arbitrary: fc.record({
      do: fc.constant('submit' as const),
      count: fc.integer({ min: 1, max: 4 }),
      options: fc.record(
        {
          timeoutMs: deadline,
          queueTimeoutMs: deadline,
          priority: fc.integer({ min: 0, max: 15 }),
          tenant: fc.constantFrom('ann', 'bob', 'cid'),
        },
        { requiredKeys: [] },
      ),
    }),
  },
  { weight: 36, arbitrary: fc.record({ do: fc.constantFrom('begin' as const, 'end', 'fail', 'endOne'), worker }) },
  { weight: 15, arbitrary: fc.record({ do: fc.constant('cancel' as const), call: fc.nat(30) }) },
  { weight: 15, arbitrary: fc.record({ do: fc.constant('resize' as const), target: size, eager: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('prewarm' as const), n: size }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('pin' as const), size, forMs: deadline }, { requiredKeys: ['do', 'size'] }),
  },
  {
    weight: 15,
    arbitrary: fc.record({ do: fc.constantFrom('pause' as const, 'resume', 'resume', 'drain', 'release') }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      worker,
      claim: fc.constantFrom('as it is' as const, 'started', 'done'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('grow heap' as const), worker }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('break' as const),
      what: fc.constantFrom('boot' as const, 'spawn', 'nothing', 'nothing'),
    }),
  },
  { weight: 24, arbitrary: fc.record({ do: fc.constant('advance' as const), ms }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('close' as const), timeoutMs: fc.constantFrom(0, 100, 1_000) }),
  },
);

/** Pools of every make, and up to `length` things that happen to them. */
export function scenarios(length: number): fc.Arbitrary<Scenario> {
  return fc.record({
    pool: fc
      .record({
        initial: fc.integer({ min: 1, max: MAX }),
        min: fc.integer({ min: 1, max: 2 }),
        concurrency: fc.constantFrom(1, 1, 3),
        queue: fc.constantFrom<QueueOptions>(
          {},
          { order: 'priority' },
          { order: 'fair', weights: { ann: 3 } },
          { overflow: 'drop-oldest' },
          { overflow: 'wait' },
          { overflow: 'wait', waitMs: 150, order: 'priority' },
        ),
        recycle: fc.constantFrom({}, {}, { afterTasks: 2 }, { aboveHeapMb: 100 }, { afterMs: 700 }),
      })
      .map(({ initial, min, concurrency, queue, recycle }): Partial<PoolOptions> => ({
        size: { min, max: MAX, initial: Math.max(min, initial) },
        queue: { capacity: 6, ...queue },
        idleExpiryMs: 600,
        abortGraceMs: 200,
        worker: { concurrency, recycle },
      })),
    engine: fc.record({ bootMs: fc.constantFrom(0, 50), exitMs: fc.constantFrom(0, 20), beginAtOnce: fc.boolean() }),
    steps: fc.array(step, { minLength: 1, maxLength: length, size: 'max' }),
  });
}
