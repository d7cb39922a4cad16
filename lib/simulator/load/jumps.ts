import { rejectUnknownKeys, requireDuration, requireInteger } from '../../core/validate.js';
import { exponential, seededRandom } from '../random.js';
import { requirePositive, requireRate, requireShare } from './checks.js';
import type { LoadShape } from './load-shape.js';
import { RATE_STEP_MS } from './mean-rate.js';
import { joined, repeated, type Segment } from './segments.js';

export interface StepOptions {
  /** Arrivals per second before. Default 100. */
  readonly basePerSecond?: number;
  /** Arrivals per second after. Default 2,000. */
  readonly peakPerSecond?: number;
  /** Milliseconds at the base, then at the peak. Default 30,000 each. */
  readonly beforeMs?: number;
  readonly afterMs?: number;
  /** How often both happen. Default 1: the load ends at the peak. */
  readonly times?: number;
}

/** A jump from one rate to another, in no time. S4 Q22. */
export function step(options: StepOptions = {}): LoadShape {
  rejectUnknownKeys('step', options, ['basePerSecond', 'peakPerSecond', 'beforeMs', 'afterMs', 'times']);
  const base = requireRate('step.basePerSecond', options.basePerSecond ?? 100);
  const peak = requireRate('step.peakPerSecond', options.peakPerSecond ?? 2_000);
  const beforeMs = requireDuration({ option: 'step.beforeMs' }, options.beforeMs ?? 30_000);
  const afterMs = requireDuration({ option: 'step.afterMs' }, options.afterMs ?? 30_000);
  const times = requireInteger({ option: 'step.times' }, options.times ?? 1, 1, 10_000);
  const once = [
    { lengthMs: beforeMs, from: base, to: base },
    { lengthMs: afterMs, from: peak, to: peak },
  ];
  return { name: 'step', ...joined(repeated(once, times)) };
}

export interface SawtoothOptions {
  /** Arrivals per second at the bottom. Default 100. */
  readonly basePerSecond?: number;
  /** Arrivals per second at the top. Default 2,000. */
  readonly peakPerSecond?: number;
  /** One tooth, milliseconds. Default 20,000. */
  readonly periodMs?: number;
  /** Share of the period in which the rate rises; it falls in what is left. Default 1: it falls in no time. */
  readonly riseShare?: number;
  /** How many teeth. Default 3. */
  readonly times?: number;
}

/** Up, down and up again. S4 Q22. */
export function sawtooth(options: SawtoothOptions = {}): LoadShape {
  rejectUnknownKeys('sawtooth', options, ['basePerSecond', 'peakPerSecond', 'periodMs', 'riseShare', 'times']);
  const base = requireRate('sawtooth.basePerSecond', options.basePerSecond ?? 100);
  const peak = requireRate('sawtooth.peakPerSecond', options.peakPerSecond ?? 2_000);
  const periodMs = requireDuration({ option: 'sawtooth.periodMs' }, options.periodMs ?? 20_000);
  const riseMs = periodMs * requireShare('sawtooth.riseShare', options.riseShare ?? 1);
  const times = requireInteger({ option: 'sawtooth.times' }, options.times ?? 3, 1, 10_000);
  const tooth = [
    { lengthMs: riseMs, from: base, to: peak },
    { lengthMs: periodMs - riseMs, from: peak, to: base },
  ];
  return { name: 'sawtooth', ...joined(repeated(tooth, times)) };
}

export interface SpikesOptions {
  /** Arrivals per second between spikes. Default 100. */
  readonly basePerSecond?: number;
  /** The highest that a spike may be; each has a height of its own, evenly from half of the way up. Default 2,000. */
  readonly peakPerSecond?: number;
  /** Mean length of a spike, milliseconds; each from half to one and a half of it. Default 3,000. */
  readonly spikeMs?: number;
  /** Mean time from the end of one spike to the next, milliseconds, exponential. Default 10,000. */
  readonly gapMs?: number;
  /** Default 60,000. */
  readonly durationMs?: number;
  /** Spikes of another seed come at other times. Default 1. */
  readonly seed?: number;
}

/** Spikes at random times: the same at every run of a seed. S4 Q22. */
export function spikes(options: SpikesOptions = {}): LoadShape {
  const keys = ['basePerSecond', 'peakPerSecond', 'spikeMs', 'gapMs', 'durationMs', 'seed'];
  rejectUnknownKeys('spikes', options, keys);
  const base = requireRate('spikes.basePerSecond', options.basePerSecond ?? 100);
  const peak = requireRate('spikes.peakPerSecond', options.peakPerSecond ?? 2_000);
  const spikeMs = requireDuration({ option: 'spikes.spikeMs' }, options.spikeMs ?? 3_000);
  const gapMs = requirePositive('spikes.gapMs', options.gapMs ?? 10_000);
  const durationMs = requireDuration({ option: 'spikes.durationMs' }, options.durationMs ?? 60_000);
  const random = seededRandom(requireInteger({ option: 'spikes.seed' }, options.seed ?? 1, 0, 2 ** 31 - 1));
  const segments: Segment[] = [];
  for (let at = 0; at < durationMs;) {
    const gap = wholeSteps(gapMs * exponential(random));
    const spike = wholeSteps(spikeMs * (0.5 + random()));
    const height = base + (peak - base) * (0.5 + random() / 2);
    segments.push({ lengthMs: Math.min(gap, durationMs - at), from: base, to: base });
    at += gap;
    segments.push({ lengthMs: Math.min(spike, durationMs - at), from: height, to: height });
    at += spike;
  }
  return { name: 'spikes', ...joined(segments) };
}

/** So that the steps in which rates are read meet the edges of spikes. */
function wholeSteps(ms: number): number {
  return Math.max(1, Math.round(ms / RATE_STEP_MS)) * RATE_STEP_MS;
}
