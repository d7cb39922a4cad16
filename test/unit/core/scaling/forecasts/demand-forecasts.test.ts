import { describe, expect, it } from 'vitest';
import type { Forecast, LoadReading } from '../../../../../lib/core/scaling/contract.js';
import { DemandMeter } from '../../../../../lib/core/scaling/forecasts/demand-meter.js';
import { HoltWinters } from '../../../../../lib/core/scaling/forecasts/holt-winters.js';
import { forecast } from '../../../../support/build.js';
import { inputOf } from '../../../../support/decision-inputs.js';

/** Feeds arrivals to a forecast, each of which takes `serviceMs`; `rate` gives them per second at a time in seconds. */
class Arrivals {
  #now = 0;
  #submitted = 0;

  constructor(
    readonly built: Forecast,
    readonly rate: (seconds: number) => number,
    readonly serviceMs = 100,
  ) {
    this.#observe();
  }

  /** Lets seconds pass in ticks of half a second; tells what is predicted then. */
  until(seconds: number): number | null {
    for (; this.#now < seconds * 1_000; this.#observe()) {
      this.#submitted += this.rate(this.#now / 1_000) / 2;
      this.#now += 500;
    }
    return this.built.predict(this.#now);
  }

  #observe(): void {
    const served = this.#submitted;
    const load = { started: served, late: 0, served, serviceMs: served * this.serviceMs, serviceMsSquared: 0 };
    const counters = { submitted: this.#submitted, completed: served, failed: 0 };
    this.built.observe!(inputOf({ counters, load }).snapshot, this.#now);
  }
}

describe('the demand of a pool', () => {
  const load = (served: number, serviceMs: number): LoadReading => ({
    started: served,
    late: 0,
    served,
    serviceMs,
    serviceMsSquared: 0,
  });
  const counters = (submitted: number) => ({ submitted, completed: 0, failed: 0 });
  const reading = (submitted: number, sums?: LoadReading) =>
    inputOf({ counters: counters(submitted), ...(sums && { load: sums }) }).snapshot;

  it('is arrivals times mean service time, once in a bucket', () => {
    const meter = new DemandMeter(1_000);
    expect(meter.observe(reading(0, load(0, 0)), 250)).toBeNull();
    expect(meter.observe(reading(30, load(20, 2_000)), 750)).toBeNull();
    // 80 arrivals in 1 s, and 40 tasks of 50 ms each: 4 workers.
    expect(meter.observe(reading(80, load(40, 2_000)), 1_250)).toEqual({ bucket: 0, workers: 4 });
    // A gap of 4 s with 200 arrivals; the service time is 100 ms now: 5 workers.
    expect(meter.observe(reading(280, load(60, 4_000)), 5_250)).toEqual({ bucket: 4, workers: 5 });
    // Nothing ended: the service time is still the last one known.
    expect(meter.observe(reading(290, load(60, 4_000)), 6_250)).toEqual({ bucket: 5, workers: 1 });
  });

  it('goes by the mean of a pool that counts no load, and tells nothing of one that knows neither', () => {
    const meter = new DemandMeter(1_000);
    const plain = (submitted: number) => inputOf({ counters: counters(submitted), service: { mean: 20 } }).snapshot;
    meter.observe(plain(0), 0);
    expect(meter.observe(plain(100), 1_000)).toEqual({ bucket: 0, workers: 2 });
    const blind = new DemandMeter(1_000);
    for (const now of [0, 1_000, 2_000]) expect(blind.observe(inputOf().snapshot, now)).toBeNull();
    const timeless = new DemandMeter(1_000);
    for (const now of [0, 1_000, 2_000]) expect(timeless.observe(reading(now), now)).toBeNull();
  });
});

describe('the linear forecast (D9)', () => {
  it('sees where a ramp will be', () => {
    // 10/s more each second, of 100 ms: one worker more each second. 10 s after the 60th that is 70, at 70 % busy 100.
    const arrivals = new Arrivals(forecast({ type: 'linear' }), (seconds) => 10 * seconds);
    expect(arrivals.until(60)).toBeGreaterThanOrEqual(98);
    expect(arrivals.until(60)).toBeLessThanOrEqual(102);
  });

  it('predicts a steady load as it is', () => {
    // 70/s of 100 ms are 7 workers, 10 at 70 %.
    expect(new Arrivals(forecast({ type: 'linear' }), () => 70).until(120)).toBe(10);
    expect(new Arrivals(forecast({ type: 'linear', utilization: 1 }), () => 70).until(120)).toBe(7);
  });

  it('predicts less as the load falls, and never less than one worker', () => {
    const arrivals = new Arrivals(forecast({ type: 'linear', windowMs: 30_000 }), (s) => Math.max(0, 600 - 10 * s));
    expect(arrivals.until(45)).toBeLessThan(10);
    expect(arrivals.until(55)).toBe(1);
  });

  it('predicts nothing until it has seen enough', () => {
    const arrivals = new Arrivals(forecast({ type: 'linear' }), () => 70);
    expect(arrivals.until(18)).toBeNull();
    expect(arrivals.until(24)).toBe(10);
  });

  it('forgets a ramp once it is out of its window', () => {
    const arrivals = new Arrivals(forecast({ type: 'linear' }), (seconds) => Math.min(300, 10 * seconds));
    // 30 workers of demand from 30 s on; at 100 s the window is level.
    expect(arrivals.until(100)).toBe(43);
  });

  it.each([
    [{ windowMs: 5_000 }, /forecast\.windowMs is 5000, but must be at least 30 ticks, 7500 ms/],
    [{ horizonMs: 0 }, /forecast\.horizonMs is 0/],
    [{ utilization: 0 }, /forecast\.utilization is 0/],
    [{ horizon: 10 }, /forecast has no option "horizon"\. Did you mean 'horizonMs'\?/],
  ])('refuses %o', (options, message) => {
    expect(() => forecast({ type: 'linear', ...options })).toThrow(message);
  });
});

describe('Holt-Winters (D9)', () => {
  it('smooths level, trend and season as the formulas have it', () => {
    const model = new HoltWinters(2, { alpha: 0.5, beta: 0.5, gamma: 0.5 });
    model.add(0, 10);
    expect(model.highest(1)).toBeNull();
    model.add(1, 20);
    // Level 15, season -5 and +5: next comes 10, then 20.
    expect(model.highest(2)).toBe(10);
    expect(model.highest(3)).toBe(20);
    model.add(2, 14);
    // Level 0.5 (14 + 5) + 0.5 x 15 = 17; trend 0.5 x 2 = 1; season 0: 0.5 (14 - 17) + 0.5 x -5 = -4.
    expect(model.highest(3)).toBe(17 + 1 + 5);
    expect(model.highest(4)).toBe(23);
    model.add(3, 25);
    // Level 0.5 (25 - 5) + 0.5 x 18 = 19; trend 0.5 x 2 + 0.5 = 1.5; season 1: 0.5 x 6 + 2.5 = 5.5.
    expect(model.highest(4)).toBe(19 + 1.5 - 4);
    expect(model.highest(5)).toBe(19 + 3 + 5.5);
    // A season holds all there is.
    expect(model.highest(1_000)).toBe(model.highest(5));
  });

  it('lets the level follow its trend over samples that were missed', () => {
    const weights = { alpha: 0.5, beta: 0, gamma: 0 };
    const [whole, holed] = [new HoltWinters(2, weights), new HoltWinters(2, weights)];
    for (const model of [whole, holed]) for (const bucket of [0, 1]) model.add(bucket, 10);
    for (const bucket of [2, 3, 4]) whole.add(bucket, 10);
    holed.add(4, 10);
    expect(holed.highest(6)).toBe(whole.highest(6));
  });

  it('learns until each place in the season was seen, though samples are missed', () => {
    const model = new HoltWinters(3, { alpha: 0.3, beta: 0, gamma: 0.3 });
    for (const bucket of [0, 2, 3, 5]) {
      model.add(bucket, 10);
      expect(model.highest(bucket + 1)).toBeNull();
    }
    model.add(7, 10);
    expect(model.highest(8)).toBeCloseTo(10, 12);
  });

  /** A season of four minutes: 10/s for three of them, 70/s in the fourth. */
  const season = (seconds: number) => (seconds % 240 >= 180 ? 70 : 10);
  const SPEC = { type: 'holt-winters', seasonMs: 240_000, bucketMs: 20_000 };

  it('has the workers ready before the rush that comes each time', () => {
    const arrivals = new Arrivals(forecast(SPEC), season);
    expect(arrivals.until(239)).toBeNull();
    // 10/s of 100 ms at 70 %: 2 workers; 70/s: 10. The rush begins at 420 s and ends at 480 s.
    expect(arrivals.until(360)).toBe(2);
    expect(arrivals.until(399.5)).toBe(2);
    expect(arrivals.until(400)).toBe(10);
    expect(arrivals.until(479.5)).toBe(10);
    expect(arrivals.until(480)).toBe(2);
  });

  it('looks further ahead where it is told to', () => {
    const arrivals = new Arrivals(forecast({ ...SPEC, horizonMs: 60_000 }), season);
    expect(arrivals.until(359.5)).toBe(2);
    expect(arrivals.until(360.5)).toBe(10);
  });

  it.each([
    [
      { seasonMs: 250_000 },
      /forecast\.seasonMs is 250000, but must be 2 to 10080 times bucketMs, which is 20000, without/,
    ],
    [{ seasonMs: 20_000 }, /forecast\.seasonMs is 20000/],
    [{ bucketMs: 100 }, /forecast\.bucketMs is 100, but must be at least the tick, 250 ms/],
    [{ bucketMs: 0 }, /forecast\.bucketMs is 0/],
    [{ horizonMs: 240_001 }, /forecast\.horizonMs is 240001, but must be at most seasonMs/],
    [{ alpha: 0 }, /forecast\.alpha is 0/],
    [{ beta: -1 }, /forecast\.beta is -1, but must be a finite number from 0 and up to 1/],
    [{ gamma: 1.1 }, /forecast\.gamma is 1\.1/],
    [{ utilization: 70 }, /forecast\.utilization is 70/],
  ])('refuses %o', (options, message) => {
    expect(() => forecast({ ...SPEC, ...options })).toThrow(message);
  });
});

describe('buildForecast (D10)', () => {
  it("takes a forecast of the user's own as it is", () => {
    const own: Forecast = { predict: () => 7 };
    expect(forecast(own)).toBe(own);
  });

  it.each([
    ['Schedule', 'schedule'],
    ['holtwinters', 'holt-winters'],
    ['liner', 'linear'],
  ])('%s: did you mean %s?', (type, meant) => {
    expect(() => forecast({ type })).toThrow(`no forecast has that name. Did you mean '${meant}'?`);
  });
});
