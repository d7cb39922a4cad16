import { rejectUnknownKeys, requireDuration, requireInteger } from '../../core/validate.js';
import { requireRate, requireSpanMs } from './checks.js';
import type { LoadShape } from './load-shape.js';
import { joined, repeated } from './segments.js';

export interface ConstantOptions {
  /** Arrivals per second. Default 80, the mean that policies are judged at. */
  readonly perSecond?: number;
  /** Default 60,000. */
  readonly durationMs?: number;
}

/** The same rate throughout. */
export function constant(options: ConstantOptions = {}): LoadShape {
  rejectUnknownKeys('constant', options, ['perSecond', 'durationMs']);
  const perSecond = requireRate('constant.perSecond', options.perSecond ?? 80);
  const durationMs = requireDuration({ option: 'constant.durationMs' }, options.durationMs ?? 60_000);
  return { name: 'constant', durationMs, rateAt: () => perSecond };
}

export interface RampOptions {
  /** Arrivals per second before and after. Default 100. */
  readonly basePerSecond?: number;
  /** Arrivals per second between. Default 2,000. */
  readonly peakPerSecond?: number;
  /** Milliseconds from base to peak, at the peak, and back. Default 60,000 each. */
  readonly riseMs?: number;
  readonly holdMs?: number;
  readonly fallMs?: number;
  /** Milliseconds at the base after that. Default 0. */
  readonly restMs?: number;
  /** How often all of it happens. Default 1. */
  readonly times?: number;
}

/** Up, held, and down again; with the defaults the load of the course (S1 T11): 100 to 2,000 per second in a minute. */
export function ramp(options: RampOptions = {}): LoadShape {
  const keys = ['basePerSecond', 'peakPerSecond', 'riseMs', 'holdMs', 'fallMs', 'restMs', 'times'];
  rejectUnknownKeys('ramp', options, keys);
  const base = requireRate('ramp.basePerSecond', options.basePerSecond ?? 100);
  const peak = requireRate('ramp.peakPerSecond', options.peakPerSecond ?? 2_000);
  const riseMs = requireDuration({ option: 'ramp.riseMs' }, options.riseMs ?? 60_000);
  const holdMs = requireSpanMs('ramp.holdMs', options.holdMs ?? 60_000);
  const fallMs = requireSpanMs('ramp.fallMs', options.fallMs ?? 60_000);
  const restMs = requireSpanMs('ramp.restMs', options.restMs ?? 0);
  const times = requireInteger({ option: 'ramp.times' }, options.times ?? 1, 1, 10_000);
  const once = [
    { lengthMs: riseMs, from: base, to: peak },
    { lengthMs: holdMs, from: peak, to: peak },
    { lengthMs: fallMs, from: peak, to: base },
    { lengthMs: restMs, from: base, to: base },
  ];
  return { name: 'ramp', ...joined(repeated(once, times)) };
}

export interface LinearRampOptions {
  /** Arrivals per second at the beginning. Default 100. */
  readonly basePerSecond?: number;
  /** Arrivals per second at the end. Default 2,000. */
  readonly peakPerSecond?: number;
  /** Default 60,000. */
  readonly durationMs?: number;
}

/** One straight line; downwards where the peak is less than the base. S4 Q22. */
export function linearRamp(options: LinearRampOptions = {}): LoadShape {
  rejectUnknownKeys('linearRamp', options, ['basePerSecond', 'peakPerSecond', 'durationMs']);
  const from = requireRate('linearRamp.basePerSecond', options.basePerSecond ?? 100);
  const to = requireRate('linearRamp.peakPerSecond', options.peakPerSecond ?? 2_000);
  const lengthMs = requireDuration({ option: 'linearRamp.durationMs' }, options.durationMs ?? 60_000);
  return { name: 'linear-ramp', ...joined([{ lengthMs, from, to }]) };
}
