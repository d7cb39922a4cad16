import { PoolConfigError } from '../../core/errors.js';
import { requireDuration, show } from '../../core/validate.js';
import { requirePositive } from './checks.js';
import { changed, type LoadShape } from './load-shape.js';

/**
 * Rates are read in the middle of steps of this length, milliseconds. That is exact for rates that run in straight lines
 * between whole steps, as those of all shapes here do with their defaults.
 */
export const RATE_STEP_MS = 10;

/** Calls back with each step of the shape, in order. Refuses a rate that is negative or no number. */
export function forEachStep(shape: LoadShape, step: (fromMs: number, lengthMs: number, perSecond: number) => void) {
  const durationMs = requireDuration({ option: `load '${shape.name}': durationMs` }, shape.durationMs);
  for (let fromMs = 0; fromMs < durationMs; fromMs += RATE_STEP_MS) {
    const lengthMs = Math.min(RATE_STEP_MS, durationMs - fromMs);
    const perSecond = shape.rateAt(fromMs + lengthMs / 2);
    if (!(perSecond >= 0 && perSecond < Infinity)) throw badRate(shape, fromMs, perSecond);
    step(fromMs, lengthMs, perSecond);
  }
}

/** Mean of the rate over the duration, arrivals per second. */
export function meanRate(shape: LoadShape): number {
  let area = 0;
  forEachStep(shape, (_, lengthMs, perSecond) => {
    area += perSecond * lengthMs;
  });
  return area / shape.durationMs;
}

/**
 * The same load with all rates multiplied so that they average to `meanPerSecond`; service times and failures stay.
 * @throws PoolConfigError where the mean is not above 0, or the shape has no arrivals to scale.
 */
export function scaledTo(shape: LoadShape, meanPerSecond: number): LoadShape {
  requirePositive('meanPerSecond', meanPerSecond);
  const mean = meanRate(shape);
  if (!(mean > 0)) {
    throw new PoolConfigError(`load '${shape.name}' has no arrivals, so that it cannot be scaled to a mean.`);
  }
  const factor = meanPerSecond / mean;
  return changed(shape, { rateAt: (ms) => shape.rateAt(ms) * factor });
}

function badRate(shape: LoadShape, fromMs: number, perSecond: unknown): PoolConfigError {
  return new PoolConfigError(
    `load '${shape.name}': its rate at ${fromMs} ms is ${show(perSecond)}, but must be a finite number, 0 or more.`,
  );
}
