import { describe, expect, it } from 'vitest';
import { PoolConfigError } from '../../../../lib/core/errors.js';
import {
  constant,
  linearRamp,
  poissonWorkload,
  step,
  withErrors,
  withSlowDownstream,
} from '../../../../lib/simulator/load/index.js';

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;

function variation(values: ArrayLike<number>): number {
  const centre = mean(values);
  return Math.sqrt(mean(Array.from(values, (v) => (v - centre) ** 2))) / centre;
}

describe('a Poisson workload (L1)', () => {
  it('is the same for one seed, and another for another', () => {
    const of = (seed: number) => poissonWorkload(step(), { seed });
    expect(of(4)).toEqual(of(4));
    expect(of(4).arrivals).not.toEqual(of(5).arrivals);
  });

  it('has arrivals in order, within the duration, as many as the rate calls for', () => {
    const { arrivals, services, durationMs, failures } = poissonWorkload(linearRamp(), { seed: 1 });
    expect(durationMs).toBe(60_000);
    expect(arrivals.every((at, i) => at >= (arrivals[i - 1] ?? 0) && at < durationMs)).toBe(true);
    // 63,000 expected, standard deviation 251.
    expect(Math.abs(arrivals.length - 63_000)).toBeLessThan(3 * 251);
    expect(services).toHaveLength(arrivals.length);
    expect(failures).toBeUndefined();
  });

  it('follows the rate: half of what a line from zero brings comes after 71 % of the time', () => {
    const shape = linearRamp({ basePerSecond: 0, peakPerSecond: 2_000 });
    const { arrivals } = poissonWorkload(shape, { seed: 2 });
    const early = arrivals.filter((at) => at < 60_000 * Math.SQRT1_2).length;
    // 30,000 of 60,000, standard deviation 173.
    expect(Math.abs(early - 30_000)).toBeLessThan(3 * 173);
  });

  it('has gaps that are exponential, and counts with a variance like their mean', () => {
    const { arrivals } = poissonWorkload(constant({ perSecond: 50, durationMs: 1_000_000 }), { seed: 3 });
    const gaps = arrivals.map((at, i) => at - (arrivals[i - 1] ?? 0));
    expect(Math.abs(mean(gaps) - 20)).toBeLessThan(0.3);
    expect(Math.abs(variation(gaps) - 1)).toBeLessThan(0.03);
    const counts = new Float64Array(1_000);
    for (const at of arrivals) counts[Math.floor(at / 1_000)]!++;
    // Index of dispersion: 1, standard deviation sqrt(2 / 1000) = 0.045.
    expect(Math.abs(variation(counts) ** 2 * mean(counts) - 1)).toBeLessThan(0.14);
  });

  it('has no arrivals where the rate is 0', () => {
    const shape = step({ basePerSecond: 0, peakPerSecond: 100, beforeMs: 1_000, afterMs: 1_000, times: 3 });
    const { arrivals } = poissonWorkload(shape, { seed: 1 });
    expect(arrivals.length).toBeGreaterThan(200);
    expect(arrivals.every((at) => Math.floor(at / 1_000) % 2 === 1)).toBe(true);
  });

  it.each([
    [50, 1],
    [20, 0.5],
    [100, 2],
  ])('has lognormal service times of mean %d ms and variation %d', (meanMs, cv) => {
    const { services } = poissonWorkload(constant({ perSecond: 1_000 }), { seed: 1, meanMs, cv });
    expect(Math.abs(mean(services) / meanMs - 1)).toBeLessThan(0.03);
    expect(Math.abs(variation(services) / cv - 1)).toBeLessThan(0.1);
    // The median of a lognormal distribution is mean / sqrt(1 + cv^2).
    const median = services.slice().sort()[services.length >> 1]!;
    expect(Math.abs((median * Math.sqrt(1 + cv * cv)) / meanMs - 1)).toBeLessThan(0.03);
  });

  it('has equal service times where they do not vary', () => {
    expect(new Set(poissonWorkload(constant(), { seed: 1, meanMs: 30, cv: 0 }).services)).toEqual(
      new Set([expect.closeTo(30, 9)]),
    );
  });

  it('keeps its arrivals where only service times or failures change', () => {
    const plain = poissonWorkload(constant(), { seed: 9 });
    const other = poissonWorkload(withErrors(constant()), { seed: 9, meanMs: 5, cv: 3 });
    expect(other.arrivals).toEqual(plain.arrivals);
    expect(poissonWorkload(withErrors(constant()), { seed: 9 }).services).toEqual(plain.services);
  });

  it('slows and fails those that arrive within the span', () => {
    const plain = poissonWorkload(constant(), { seed: 1 });
    const shape = withErrors(withSlowDownstream(constant({ perSecond: 80 })), { share: 0.25 });
    const { arrivals, services, failures } = poissonWorkload(shape, { seed: 1 });
    const within = (at: number) => at >= 20_000 && at < 40_000;
    for (const [i, at] of arrivals.entries()) {
      expect(services[i]! / plain.services[i]!).toBeCloseTo(within(at) ? 10 : 1, 9);
      if (!within(at)) expect(failures![i]).toBe(0);
    }
    // 1,600 within the span, 400 of which fail: standard deviation 17.
    expect(Math.abs(mean(failures!.filter((_, i) => within(arrivals[i]!))) - 0.25)).toBeLessThan(0.035);
  });

  it.each([
    [{ seed: -1 }, /seed is -1/],
    [{ seed: 1, meanMs: 0 }, /meanMs is 0, but must be a finite number above 0/],
    [{ seed: 1, cv: -1 }, /cv is -1/],
    [{ seed: 1, meanM: 3 }, /no option "meanM".*Did you mean 'meanMs'/],
  ])('refuses %j', (options, message) => {
    expect(() => poissonWorkload(constant(), options)).toThrow(PoolConfigError);
    expect(() => poissonWorkload(constant(), options)).toThrow(message);
  });
});
