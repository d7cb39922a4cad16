import { rejectUnknownKeys, requireInteger } from '../../core/validate.js';
import { ARRIVALS_STREAM, exponential, FAILURES_STREAM, normals, seededRandom, SERVICES_STREAM } from '../random.js';
import type { Workload } from '../workload.js';
import { requireNotNegative, requirePositive } from './checks.js';
import type { LoadShape } from './load-shape.js';
import { forEachStep } from './mean-rate.js';

export interface PoissonOptions {
  /** The same seed gives the same workload on every machine. A whole number from 0 to 2,147,483,647. */
  readonly seed: number;
  /** Mean service time where nothing slows it, milliseconds. Default 50. */
  readonly meanMs?: number;
  /** Coefficient of variation of the service times: standard deviation over mean, 0 for all the same. Default 1. */
  readonly cv?: number;
}

/**
 * A workload drawn from a shape: Poisson arrivals at its rate, lognormal service times, and failures by chance.
 * @throws PoolConfigError where an option, or a rate of the shape, is not what it must be.
 */
export function poissonWorkload(shape: LoadShape, options: PoissonOptions): Workload {
  rejectUnknownKeys('poissonWorkload', options, ['seed', 'meanMs', 'cv']);
  const seed = requireInteger({ option: 'seed' }, options.seed, 0, 2 ** 31 - 1);
  const meanMs = requirePositive('meanMs', options.meanMs ?? 50);
  const cv = requireNotNegative('cv', options.cv ?? 1);
  const { name, durationMs } = shape;
  const arrivals = poissonArrivals(shape, seed);
  const services = serviceTimes(arrivals, shape, seed, meanMs, cv);
  if (shape.failureShareAt === undefined) return { name, durationMs, arrivals, services };
  const random = seededRandom(seed, FAILURES_STREAM);
  const failures = Uint8Array.from(arrivals, (at) => (random() < shape.failureShareAt!(at) ? 1 : 0));
  return { name, durationMs, arrivals, services, failures };
}

/**
 * Times of arrival, milliseconds. A Poisson process of rate 1 is stretched by the integral of the rate, which is exact
 * for a rate that is constant in each step (E. Çinlar, "Introduction to Stochastic Processes", 1975, ch. 4).
 */
export function poissonArrivals(shape: LoadShape, seed: number): Float64Array {
  const random = seededRandom(seed, ARRIVALS_STREAM);
  const arrivals: number[] = [];
  let untilNext = exponential(random);
  forEachStep(shape, (fromMs, lengthMs, perSecond) => {
    const perMs = perSecond / 1000;
    const expected = perMs * lengthMs;
    let passed = 0;
    while (untilNext < expected - passed) {
      passed += untilNext;
      arrivals.push(fromMs + passed / perMs);
      untilNext = exponential(random);
    }
    untilNext -= expected - passed;
  });
  return Float64Array.from(arrivals);
}

function serviceTimes(arrivals: Float64Array, shape: LoadShape, seed: number, meanMs: number, cv: number) {
  const normal = normals(seededRandom(seed, SERVICES_STREAM));
  const variance = Math.log(1 + cv * cv);
  const sigma = Math.sqrt(variance);
  const mu = Math.log(meanMs) - variance / 2;
  return arrivals.map((at) => Math.exp(mu + sigma * normal()) * (shape.serviceFactorAt?.(at) ?? 1));
}
