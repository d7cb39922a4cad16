import { slowDownstream } from './disturbances.js';
import { sawtooth, spikes, step } from './jumps.js';
import type { LoadShape } from './load-shape.js';
import { linearRamp, ramp } from './ramps.js';

const MINUTE = 60_000;

export type JudgedShapeName = 'ramp' | 'linear-ramp' | 'step' | 'sawtooth' | 'spikes' | 'slow-downstream';

/**
 * The artificial loads that policies are compared on, but for the first long enough that a policy reaches its stride between changes; only
 * their proportions count, since the protocol scales each to one mean (`scaledTo`, 80 per second).
 *
 * - ramp: the course's as it stands, 1 to 20 times in a minute, a minute at the peak, and back in one: 3 minutes.
 * - linear-ramp: 1 to 20 times in 20 minutes.
 * - step: five minutes at 1, five at 10, three times: 30 minutes.
 * - sawtooth: 1 to 10 times in two minutes, and down at once; 40 minutes.
 * - spikes: of 10 seconds on average, 10 to 20 times the base, some 50 seconds apart; an hour.
 * - slow-downstream: an even load whose tasks take ten times as long in 2 of 10 minutes; 30 minutes.
 */
export const JUDGED_SHAPES: Readonly<Record<JudgedShapeName, LoadShape>> = {
  ramp: ramp(),
  'linear-ramp': linearRamp({ durationMs: 20 * MINUTE }),
  step: step({ peakPerSecond: 1_000, beforeMs: 5 * MINUTE, afterMs: 5 * MINUTE, times: 3 }),
  sawtooth: sawtooth({ peakPerSecond: 1_000, periodMs: 2 * MINUTE, times: 20 }),
  spikes: spikes({ spikeMs: 10_000, gapMs: 50_000, durationMs: 60 * MINUTE }),
  'slow-downstream': slowDownstream({
    durationMs: 30 * MINUTE,
    fromMs: 5 * MINUTE,
    toMs: 7 * MINUTE,
    everyMs: 10 * MINUTE,
  }),
};
