import type { DeciderSpec } from './deciders/build-decider.js';
import type { GuardSpec } from './guards/build-guard.js';
import type { SignalSpec } from './signals/signal-spec.js';

/** Policies by name. */
export type Preset = 'balanced' | 'thrifty' | 'latency' | 'course' | 'adaptive';

/** What a preset is made of: what could as well stand in an application's options. */
export interface PresetParts {
  /** Milliseconds. */
  readonly tickMs: number;
  readonly signals: Readonly<Record<string, SignalSpec>>;
  readonly decider: DeciderSpec;
  readonly guards: readonly GuardSpec[];
}

/** Often enough that a burst is met within the objective of 100 ms and a few boots; a tick costs some 20 us. */
const TICK_MS = 250;

/** The least size that keeps the objective, found by queueing theory; spares are kept while they are likely to be used. */
const BALANCED: DeciderSpec = { type: 'balanced' };

/**
 * Every preset, as data.
 * @publicApi
 */
export const PRESETS: Readonly<Record<Preset, PresetParts>> = Object.freeze({
  /** The default for threads. Its constants are documented where they stand: `deciders/balanced`. */
  balanced: { tickMs: TICK_MS, signals: {}, decider: BALANCED, guards: [] },

  /**
   * For pools whose workers are dear, and whose callers can wait. 1 of 100 tasks may be late, which is the objective to
   * the letter (`balanced` spends 0.4 of 100); a spare is let go after 20 worker-seconds, about what 130 boots of 150 ms
   * cost.
   */
  thrifty: {
    tickMs: TICK_MS,
    signals: {},
    decider: { type: 'balanced', miss: 0.01, spareSeconds: 20 },
    guards: [],
  },

  /**
   * For pools that people wait for. 1 of 1,000 tasks may be late, and a spare is kept for 300 worker-seconds, so that what
   * comes back within five minutes finds its workers warm.
   */
  latency: {
    tickMs: TICK_MS,
    signals: {},
    decider: { type: 'balanced', miss: 0.001, spareSeconds: 300 },
    guards: [],
  },

  /**
   * The autoscaler of the course (S1 T3, T13): every 500 ms, above 75 % of the queue two workers more, below 10 % one
   * fewer; 2 s between two grows, 30 s between two shrinks. It waits for a queue to fill, so give the queue a capacity
   * that the workers can clear within the objective.
   */
  course: {
    tickMs: 500,
    signals: {},
    decider: { type: 'threshold', signal: 'queueDepth', up: 0.75, down: 0.1, stepUp: 2, stepDown: 1 },
    guards: [{ type: 'cooldown', upMs: 2_000, downMs: 30_000 }],
  },

  /**
   * The default for async pools: `balanced`, but never more than what the downstream bears, which Gradient2 tells by its
   * service times. Slots cost next to nothing here; what they call does not. The limit begins at 20, Gradient2's own: it
   * rises by 0.8 in a second, and from one slot on tasks would wait for as long as that takes.
   */
  adaptive: {
    tickMs: TICK_MS,
    signals: {},
    decider: { type: 'ceiling', decider: BALANCED, limit: { type: 'gradient2', initial: 20 } },
    guards: [],
  },
});

export const PRESET_NAMES = Object.keys(PRESETS) as readonly Preset[];
