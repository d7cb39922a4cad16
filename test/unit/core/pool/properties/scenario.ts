import fc from 'fast-check';
import type { PoolOptions, QueueOptions } from '../../../../../lib/core/contract/pool-options.js';
import type { RunOptions } from '../../../../../lib/core/contract/run-options.js';
import type { FakeEngineOptions } from '../../../../support/fake-engine.js';

/** What a call asks for, besides what cannot be written down: a transfer list, and a signal. */
export interface CallOptions extends Pick<
  RunOptions,
  'timeoutMs' | 'queueTimeoutMs' | 'priority' | 'tenant' | 'idempotent' | 'retries'
> {
  readonly moves?: boolean;
  readonly isCancellable?: boolean;
}

/** One thing that happens to a pool. Numbers that pick a worker or a call are taken modulo how many there are. */
export type Step =
  | { readonly do: 'submit'; readonly count: number; readonly task: string; readonly options: CallOptions }
  | { readonly do: 'broadcast'; readonly replay: boolean }
  | { readonly do: 'begin' | 'poll'; readonly worker: number }
  | { readonly do: 'end' | 'fail' | 'endOne'; readonly worker: number; readonly serviceMs: number }
  | { readonly do: 'endUnheard'; readonly worker: number; readonly count: number; readonly serviceMs: number }
  | { readonly do: 'endHere' }
  | { readonly do: 'cancel'; readonly call: number }
  | { readonly do: 'resize'; readonly target: number; readonly eager: boolean }
  | { readonly do: 'prewarm'; readonly n: number }
  | { readonly do: 'pin'; readonly size: number; readonly forMs?: number }
  | { readonly do: 'pause' | 'resume' | 'drain' | 'release' }
  | { readonly do: 'crash'; readonly worker: number; readonly claim: 'as it is' | 'unbegun' | 'started' | 'done' }
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
export const CAPACITY = 6;
/** The task of broadcasts, and of nothing else. */
export const LOAD = 'load';

const worker = fc.nat(5);
const ms = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(0, 1, 4, 10, 50, 100, 500) },
  { weight: 1, arbitrary: fc.constantFrom(5_000, 40_000) },
);
const size = fc.integer({ min: 0, max: MAX + 1 });
const deadline = fc.constantFrom(10, 100, 1_000);
/** Mostly so short that more is sent ahead, and now and then a surprise. */
const serviceMs = fc.oneof(
  { weight: 30, arbitrary: fc.constant(0.01) },
  { weight: 4, arbitrary: fc.constantFrom(0.4, 1) },
  { weight: 1, arbitrary: fc.constant(200) },
);
const always = <T extends string>(...what: T[]) => fc.constantFrom(...what);

const callOptions: fc.Arbitrary<CallOptions> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ isCancellable: fc.boolean(), moves: fc.constantFrom(false, false, true) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      isCancellable: fc.boolean(),
      priority: fc.integer({ min: 0, max: 15 }),
      tenant: always('ann', 'bob', 'cid'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record(
      { timeoutMs: deadline, queueTimeoutMs: deadline, isCancellable: fc.boolean(), moves: fc.boolean() },
      { requiredKeys: [] },
    ),
  },
  {
    weight: 3,
    arbitrary: fc.record({ idempotent: fc.constant(true), retries: fc.nat(3), isCancellable: fc.boolean() }),
  },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 36,
    arbitrary: fc.record({
      do: always('submit'),
      count: fc.integer({ min: 1, max: 4 }),
      task: always('work', 'work', 'work', 'work', 'other'),
      options: callOptions,
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: always('broadcast'), replay: fc.boolean() }) },
  { weight: 30, arbitrary: fc.record({ do: always('end', 'fail', 'endOne'), worker, serviceMs }) },
  { weight: 12, arbitrary: fc.record({ do: always('begin', 'poll'), worker }) },
  { weight: 12, arbitrary: fc.record({ do: always('endUnheard'), worker, count: fc.nat(4), serviceMs }) },
  { weight: 6, arbitrary: fc.record({ do: always('endHere') }) },
  { weight: 15, arbitrary: fc.record({ do: always('cancel'), call: fc.nat(30) }) },
  { weight: 15, arbitrary: fc.record({ do: always('resize'), target: size, eager: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ do: always('prewarm'), n: size }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: always('pin'), size, forMs: deadline }, { requiredKeys: ['do', 'size'] }),
  },
  { weight: 15, arbitrary: fc.record({ do: always('pause', 'resume', 'resume', 'drain', 'release') }) },
  {
    weight: 12,
    arbitrary: fc.record({ do: always('crash'), worker, claim: always('as it is', 'unbegun', 'started', 'done') }),
  },
  { weight: 3, arbitrary: fc.record({ do: always('grow heap'), worker }) },
  { weight: 6, arbitrary: fc.record({ do: always('break'), what: always('boot', 'spawn', 'nothing', 'nothing') }) },
  { weight: 24, arbitrary: fc.record({ do: always('advance'), ms }) },
  { weight: 1, arbitrary: fc.record({ do: always('close'), timeoutMs: fc.constantFrom(0, 100, 1_000) }) },
);

/** Workers that interleave, that run one task at a time, and those that take tasks ahead besides. */
const crews = fc.oneof(
  fc.record({ concurrency: fc.constant(3), presend: fc.constant(0), beginAtOnce: fc.boolean() }),
  fc.record({ concurrency: fc.constant(1), presend: fc.constant(0), beginAtOnce: fc.boolean() }),
  fc.record({ concurrency: fc.constant(1), presend: fc.constant(3), places: fc.constantFrom(5, 100) }),
  fc.record({ concurrency: fc.constant(1), presend: fc.constant(3), places: fc.constantFrom(5, 100) }),
);

/** Lets a pool see that `work` is short. */
const LESSON: readonly Step[] = [
  { do: 'submit', count: 1, task: 'work', options: {} },
  { do: 'advance', ms: 50 },
  ...[0, 1, 2, 3].flatMap((worker): Step[] => [
    { do: 'begin', worker },
    { do: 'end', worker, serviceMs: 0.01 },
  ]),
];

/** Pools of every make, and up to `length` things that happen to them. */
export function scenarios(length: number): fc.Arbitrary<Scenario> {
  return fc
    .record({
      initial: fc.integer({ min: 1, max: MAX }),
      min: fc.integer({ min: 1, max: 2 }),
      crew: crews,
      queue: fc.constantFrom<QueueOptions>(
        {},
        { order: 'priority' },
        { order: 'fair', weights: { ann: 3 } },
        { overflow: 'drop-oldest' },
        { overflow: 'caller-runs' },
        { overflow: 'wait' },
        { overflow: 'wait', waitMs: 150, order: 'priority' },
      ),
      inlineBelowUs: fc.constantFrom({}, {}, {}, { inlineBelowUs: 50_000 }),
      recycle: fc.constantFrom({}, {}, { afterTasks: 2 }, { aboveHeapMb: 100 }, { afterMs: 700 }),
      quarantine: fc.constantFrom<PoolOptions['quarantine']>(false, false, {}, { afterCrashes: 1 }),
      bootMs: fc.constantFrom(0, 50),
      lesson: fc.constantFrom([], LESSON, LESSON, LESSON),
      exitMs: fc.constantFrom(0, 20),
      steps: fc.array(step, { minLength: 1, maxLength: length, size: 'max' }),
    })
    .map((made): Scenario => {
      const { initial, min, crew, queue, inlineBelowUs, recycle, quarantine, bootMs, exitMs, lesson, steps } = made;
      const { concurrency, ...engine } = crew;
      return {
        pool: {
          size: { min, max: MAX, initial: Math.max(min, initial) },
          queue: { capacity: CAPACITY, ...queue },
          idleExpiryMs: 600,
          abortGraceMs: 200,
          ...inlineBelowUs,
          worker: { concurrency, recycle },
          quarantine,
        },
        engine: { ...engine, bootMs, exitMs, taskNames: ['work', 'other', LOAD] },
        steps: [...lesson, ...steps],
      };
    });
}
