import { describe, expect, it } from 'vitest';
import { PoolConfigError } from '../../../../lib/core/errors.js';
import {
  constant,
  errorInjection,
  JUDGED_SHAPES,
  linearRamp,
  meanRate,
  ramp,
  sawtooth,
  scaledTo,
  slowDownstream,
  spikes,
  step,
  withErrors,
  withSlowDownstream,
  type LoadShape,
} from '../../../../lib/simulator/load/index.js';

const ratesAt = (shape: LoadShape, times: readonly number[]) => times.map((ms) => shape.rateAt(ms));

describe('load shapes (L1)', () => {
  it("ramps as the course has it: 100 to 2,000 in a minute, a minute's hold, and back (S1 T11)", () => {
    const shape = ramp();
    expect(shape.durationMs).toBe(180_000);
    expect(ratesAt(shape, [0, 30_000, 60_000, 119_999, 150_000])).toEqual([100, 1_050, 2_000, 2_000, 1_050]);
    expect(shape.rateAt(179_999)).toBeCloseTo(100, 1);
  });

  it('repeats a ramp, with a rest at the base', () => {
    const shape = ramp({ restMs: 60_000, times: 2 });
    expect(shape.durationMs).toBe(480_000);
    expect(ratesAt(shape, [200_000, 270_000, 310_000])).toEqual([100, 1_050, 2_000]);
  });

  it('rises in one line', () => {
    const shape = linearRamp({ basePerSecond: 0, peakPerSecond: 50, durationMs: 10_000 });
    expect(ratesAt(shape, [0, 2_500, 10_000])).toEqual([0, 12.5, 50]);
  });

  it('jumps at once', () => {
    const shape = step({ basePerSecond: 10, peakPerSecond: 70, beforeMs: 1_000, afterMs: 500, times: 2 });
    expect(ratesAt(shape, [0, 999, 1_000, 1_499, 1_500, 2_500])).toEqual([10, 10, 70, 70, 10, 70]);
    expect(shape.durationMs).toBe(3_000);
  });

  it('rises and drops in teeth, or falls as slowly as it is told', () => {
    const steep = sawtooth({ basePerSecond: 0, peakPerSecond: 100, periodMs: 1_000, times: 3 });
    expect(ratesAt(steep, [0, 500, 990, 1_000, 2_250])).toEqual([0, 50, 99, 0, 25]);
    const even = sawtooth({ basePerSecond: 0, peakPerSecond: 100, periodMs: 1_000, riseShare: 0.5, times: 1 });
    expect(ratesAt(even, [0, 250, 500, 750])).toEqual([0, 50, 100, 50]);
  });

  it('spikes at random, the same for one seed', () => {
    const options = { basePerSecond: 10, peakPerSecond: 110, spikeMs: 1_000, gapMs: 4_000, durationMs: 1_000_000 };
    const everySecond = Array.from({ length: 10_000 }, (_, i) => i * 100);
    const rates = ratesAt(spikes(options), everySecond);
    expect(ratesAt(spikes(options), everySecond)).toEqual(rates);
    expect(ratesAt(spikes({ ...options, seed: 2 }), everySecond)).not.toEqual(rates);
    const high = rates.filter((rate) => rate > 10);
    expect(Math.min(...high)).toBeGreaterThanOrEqual(60);
    expect(Math.max(...high)).toBeLessThanOrEqual(110);
    // A fifth of the time, from 200 gaps: standard deviation about 0.012.
    expect(Math.abs(high.length / rates.length - 0.2)).toBeLessThan(0.05);
  });

  it('makes tasks slow, or fail, in a span only, and again where it repeats', () => {
    const slow = slowDownstream({ durationMs: 60_000, fromMs: 5_000, toMs: 7_000, everyMs: 10_000 });
    expect([0, 5_000, 6_999, 7_000, 15_500, 17_000].map((ms) => slow.serviceFactorAt!(ms))).toEqual([
      1, 10, 10, 1, 10, 1,
    ]);
    const failing = errorInjection({ share: 0.2, fromMs: 1_000, toMs: 2_000 });
    expect([999, 1_000, 2_000].map((ms) => failing.failureShareAt!(ms))).toEqual([0, expect.closeTo(0.2), 0]);
    expect([slow.name, failing.name]).toEqual(['slow-downstream', 'error-injection']);
  });

  it('adds a slow downstream and errors to any load, and both twice', () => {
    let shape = withErrors(withSlowDownstream(step()), { share: 0.5 });
    shape = withErrors(withSlowDownstream(shape, { factor: 2 }), { share: 0.5 });
    expect(shape.name).toBe('step');
    expect(shape.rateAt(45_000)).toBe(2_000);
    expect(shape.serviceFactorAt!(30_000)).toBe(20);
    expect(shape.failureShareAt!(30_000)).toBe(0.75);
  });

  it('scales the rates to a mean, and leaves the rest', () => {
    const shape = scaledTo(withSlowDownstream(ramp()), 80);
    expect(meanRate(ramp())).toBeCloseTo((1_050 + 2_000 + 1_050) / 3, 9);
    expect(meanRate(shape)).toBeCloseTo(80, 9);
    expect(shape.rateAt(90_000) / shape.rateAt(0)).toBeCloseTo(20, 9);
    expect(shape.serviceFactorAt!(30_000)).toBe(10);
  });

  it('scales a shape that is an object of a class', () => {
    class Even implements LoadShape {
      readonly name = 'even';
      readonly durationMs = 1_005;
      readonly #rate = 4;
      rateAt() {
        return this.#rate;
      }
      serviceFactorAt() {
        return this.#rate;
      }
    }
    const shape = scaledTo(new Even(), 20);
    expect([shape.name, shape.rateAt(0), shape.serviceFactorAt!(0)]).toEqual(['even', 20, 4]);
  });

  it.each([
    [() => ramp({ peakPerSecond: -1 }), /ramp.peakPerSecond is -1, but must be a finite number of arrivals/],
    [() => ramp({ riseMs: 0 }), /ramp.riseMs is 0, but must be a number of milliseconds above 0/],
    [() => ramp({ peek: 3 } as object), /ramp has no option "peek"\..*Options: basePerSecond/],
    [() => step({ times: 1.5 }), /step.times is 1.5, but must be a whole number/],
    [() => sawtooth({ riseShare: 2 }), /sawtooth.riseShare is 2, but must be a number from 0 to 1/],
    [() => spikes({ gapMs: NaN }), /spikes.gapMs is NaN/],
    [() => slowDownstream({ fromMs: 2, toMs: 1 }), /slowDownstream.toMs is 1, but must not be before/],
    [() => errorInjection({ share: 5 }), /errorInjection.share is 5, but must be a number from 0 to 1/],
    [() => scaledTo(constant({ perSecond: 0 }), 80), /load 'constant' has no arrivals/],
    [() => scaledTo(constant(), Infinity), /meanPerSecond is Infinity/],
    [() => meanRate({ name: 'x', durationMs: Infinity, rateAt: () => 1 }), /load 'x': durationMs is Infinity/],
    [() => meanRate({ name: 'x', durationMs: 100, rateAt: (ms) => 20 - ms }), /load 'x': its rate at 20 ms is -5/],
  ])('refuses what makes no load: %s', (make, message) => {
    expect(make).toThrow(PoolConfigError);
    expect(make).toThrow(message);
  });
});

describe('the loads that policies are judged on', () => {
  it('are the six, named as they are listed, of 20 to 60 minutes but for the ramp of the course', () => {
    expect(Object.keys(JUDGED_SHAPES)).toEqual([
      'ramp',
      'linear-ramp',
      'step',
      'sawtooth',
      'spikes',
      'slow-downstream',
    ]);
    for (const [name, shape] of Object.entries(JUDGED_SHAPES)) {
      expect(shape.name).toBe(name);
      expect(shape.durationMs).toBeGreaterThanOrEqual((name === 'ramp' ? 3 : 20) * 60_000);
      expect(shape.durationMs).toBeLessThanOrEqual(60 * 60_000);
    }
  });

  it.each(Object.values(JUDGED_SHAPES))('$name needs no more than the 64 workers of the protocol', (shape) => {
    const judged = scaledTo(shape, 80);
    expect(meanRate(judged)).toBeCloseTo(80, 6);
    const load = Array.from({ length: shape.durationMs / 1_000 }, (_, second) => {
      return judged.rateAt(second * 1_000) * 0.05 * (judged.serviceFactorAt?.(second * 1_000) ?? 1);
    });
    expect(Math.max(...load)).toBeGreaterThan(5);
    expect(Math.max(...load)).toBeLessThan(50);
  });
});
