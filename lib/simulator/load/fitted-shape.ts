import { requireDuration, requireOneOf } from '../../core/validate.js';
import { requireRate } from './checks.js';
import { errorInjection, slowDownstream } from './disturbances.js';
import { sawtooth, spikes, step } from './jumps.js';
import type { LoadShape } from './load-shape.js';
import { constant, linearRamp, ramp } from './ramps.js';

export const SHAPE_NAMES = [
  'constant',
  'ramp',
  'linear-ramp',
  'step',
  'sawtooth',
  'spikes',
  'slow-downstream',
  'error-injection',
] as const;

export type ShapeName = (typeof SHAPE_NAMES)[number];

export interface FittedOptions {
  /** Arrivals per second at the most; all the time for the shapes with an even rate. */
  readonly peakPerSecond: number;
  /** Arrivals per second at the least. Default: a twentieth of the peak, as in the course. */
  readonly basePerSecond?: number;
  readonly durationMs: number;
  /** Of the times of spikes. Default 1. */
  readonly seed?: number;
}

/**
 * A shape by its name, fitted to a duration: a ramp rises, holds and falls for a third each; a step comes half-way; there
 * are three teeth; spikes are a twentieth long and a sixth apart; what is slow or fails does so in the middle third.
 * @throws PoolConfigError for a name that is none of `SHAPE_NAMES`, or a rate or duration that cannot be.
 */
export function fittedShape(name: ShapeName, options: FittedOptions): LoadShape {
  requireOneOf({ option: 'shape' }, name, SHAPE_NAMES);
  const durationMs = requireDuration({ option: 'durationMs' }, options.durationMs);
  const peakPerSecond = requireRate('peakPerSecond', options.peakPerSecond);
  const basePerSecond = requireRate('basePerSecond', options.basePerSecond ?? peakPerSecond / 20);
  const rates = { basePerSecond, peakPerSecond };
  const third = durationMs / 3;
  const even = { perSecond: peakPerSecond, durationMs, fromMs: third, toMs: 2 * third };
  switch (name) {
    case 'constant':
      return constant({ perSecond: peakPerSecond, durationMs });
    case 'ramp':
      return ramp({ ...rates, riseMs: third, holdMs: third, fallMs: third });
    case 'linear-ramp':
      return linearRamp({ ...rates, durationMs });
    case 'step':
      return step({ ...rates, beforeMs: durationMs / 2, afterMs: durationMs / 2 });
    case 'sawtooth':
      return sawtooth({ ...rates, periodMs: third, times: 3 });
    case 'spikes':
      return spikes({ ...rates, spikeMs: durationMs / 20, gapMs: durationMs / 6, durationMs, seed: options.seed });
    case 'slow-downstream':
      return slowDownstream(even);
    case 'error-injection':
      return errorInjection(even);
  }
}
