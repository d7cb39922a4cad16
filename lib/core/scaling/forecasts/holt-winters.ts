import { refusal } from '../../validate.js';
import type { Forecast } from '../contract.js';
import type { SpecReader } from '../spec-reader.js';
import { wholeWorkers } from '../whole-workers.js';
import { DemandMeter } from './demand-meter.js';

/**
 * Exponential smoothing of the demand's level, trend and season, additive: it knows what time of the day (or of another
 * period) brings how much. The first season is learned and nothing predicted; what was learned is lost with the process.
 * D9; S4 Q23. P. R. Winters, "Forecasting sales by exponentially weighted moving averages", 1960.
 */
export interface HoltWintersSpec {
  readonly type: 'holt-winters';
  /** Length of the season. Default a day. */
  readonly seasonMs?: number;
  /** Length of a sample, of which 2 to 10,080 make a season. Default five minutes. */
  readonly bucketMs?: number;
  /** How far ahead: the highest demand until then counts. Default: one sample. */
  readonly horizonMs?: number;
  /** Weight of a new sample in the level, above 0 and up to 1. Default 0.3. */
  readonly alpha?: number;
  /** In the trend, 0 to 1. Default 0.01: over a day, trends are mostly noise. */
  readonly beta?: number;
  /** In the season, 0 to 1. Default 0.3: the last three days count for two thirds. */
  readonly gamma?: number;
  /** Share of the predicted workers that shall be busy. Default 0.7 (S4 Q31). */
  readonly utilization?: number;
}

/** A week by minutes. */
const MOST_BUCKETS = 10_080;

export function holtWinters(read: SpecReader): Forecast {
  read.only(['seasonMs', 'bucketMs', 'horizonMs', 'alpha', 'beta', 'gamma', 'utilization']);
  const bucketMs = read.ticksMs('bucketMs', 300_000);
  const seasonMs = read.durationMs('seasonMs', 86_400_000);
  const buckets = seasonMs / bucketMs;
  if (!Number.isInteger(buckets) || buckets < 2 || buckets > MOST_BUCKETS) {
    const allowed = `2 to ${MOST_BUCKETS} times bucketMs, which is ${bucketMs}, without a remainder`;
    throw refusal(read.at('seasonMs'), seasonMs, allowed);
  }
  const horizonMs = read.durationMs('horizonMs', bucketMs);
  if (horizonMs > seasonMs) throw read.refusal('horizonMs', `at most seasonMs, which is ${seasonMs}`);
  const utilization = read.number('utilization', { above: 0, to: 1 }, 0.7);
  const model = new HoltWinters(buckets, {
    alpha: read.number('alpha', { above: 0, to: 1 }, 0.3),
    beta: read.number('beta', { from: 0, to: 1 }, 0.01),
    gamma: read.number('gamma', { from: 0, to: 1 }, 0.3),
  });
  const meter = new DemandMeter(bucketMs);
  return {
    observe(reading, now) {
      const sample = meter.observe(reading, now);
      if (sample !== null) model.add(sample.bucket, sample.workers);
    },
    predict(now) {
      const workers = model.highest(Math.floor((now + horizonMs) / bucketMs));
      return workers === null ? null : wholeWorkers(workers / utilization);
    },
  };
}

/** Additive Holt-Winters over numbered samples. Learning, until each place in the season has a sample → predicting. */
export class HoltWinters {
  readonly #weights: { readonly alpha: number; readonly beta: number; readonly gamma: number };
  /** While learning the samples, NaN where there is none yet; then what each place deviates by from the level. */
  readonly #season: Float64Array;
  #isLearning = true;
  #level = 0;
  #trend = 0;
  #last = 0;

  constructor(buckets: number, weights: { alpha: number; beta: number; gamma: number }) {
    this.#season = new Float64Array(buckets).fill(NaN);
    this.#weights = weights;
  }

  /** Takes in a sample. For those that were missed since the last, the level follows its trend. */
  add(bucket: number, value: number): void {
    const missed = Math.max(0, bucket - this.#last - 1);
    this.#last = bucket;
    if (!this.#isLearning) return this.#smooth(bucket, value, missed);
    this.#season[this.#place(bucket)] = value;
    if (!this.#season.some(Number.isNaN)) this.#begin();
  }

  /** The highest from the sample after the last to `bucket`, a season at the most; `null` while learning. */
  highest(bucket: number): number | null {
    if (this.#isLearning) return null;
    let highest = -Infinity;
    const ahead = Math.max(1, Math.min(bucket - this.#last, this.#season.length));
    for (let step = 1; step <= ahead; step++) {
      const value = this.#level + step * this.#trend + this.#season[this.#place(this.#last + step)]!;
      highest = Math.max(highest, value);
    }
    return highest;
  }

  #begin(): void {
    this.#level = this.#season.reduce((sum, value) => sum + value, 0) / this.#season.length;
    for (const [place, value] of this.#season.entries()) this.#season[place] = value - this.#level;
    this.#isLearning = false;
  }

  #smooth(bucket: number, value: number, missed: number): void {
    const { alpha, beta, gamma } = this.#weights;
    const place = this.#place(bucket);
    const deviation = this.#season[place]!;
    const before = this.#level + missed * this.#trend;
    this.#level = alpha * (value - deviation) + (1 - alpha) * (before + this.#trend);
    this.#trend = beta * (this.#level - before) + (1 - beta) * this.#trend;
    this.#season[place] = gamma * (value - this.#level) + (1 - gamma) * deviation;
  }

  #place(bucket: number): number {
    return bucket % this.#season.length;
  }
}
