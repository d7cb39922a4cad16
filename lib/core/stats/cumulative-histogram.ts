import type { HistogramReading } from '../contract/histograms.js';
import { BUCKETS, bucketLow, bucketOf } from './log-histogram.js';

/** Upper bounds of the buckets in milliseconds; what is longer than the last is in a bucket of its own. */
export const BOUNDS_MS: readonly number[] = Object.freeze([
  1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000,
]);

/** With a bound for the last bucket, which has none. */
const LIMITS = Float64Array.of(...BOUNDS_MS, Infinity);

/**
 * The first bound at or above the least duration in each bucket of the log-linear histogram. No such bucket holds more
 * than one bound, so a duration belongs there or, where it is longer, one further.
 */
const PLACES = Uint8Array.from({ length: BUCKETS }, (_, bucket) => LIMITS.findIndex((ms) => ms >= bucketLow(bucket)));

/**
 * How many durations there were up to each of some bounds, since it was made: what Prometheus calls a histogram. Every one
 * is counted, exactly; a record costs a look into a table, a comparison and two additions.
 */
export class CumulativeHistogram {
  readonly #counts = new Float64Array(LIMITS.length);
  #sumMs = 0;

  /** Goes on from another's reading, if one is given. */
  constructor(from?: HistogramReading) {
    if (!from) return;
    let below = 0;
    for (const [place, counted] of [...from.counts, from.count].entries()) {
      this.#counts[place] = counted - below;
      below = counted;
    }
    this.#sumMs = from.sumMs;
  }

  record(ms: number): void {
    const place = PLACES[bucketOf(ms)]!;
    this.#counts[ms > LIMITS[place]! ? place + 1 : place]!++;
    // Two threads' clocks may differ by a hair, and the sum of a histogram never goes down.
    if (ms > 0) this.#sumMs += ms;
  }

  read(): HistogramReading {
    let count = 0;
    const counts = Array.from(this.#counts, (own) => (count += own));
    return Object.freeze({
      boundsMs: BOUNDS_MS,
      counts: Object.freeze(counts.slice(0, -1)),
      count,
      sumMs: this.#sumMs,
    });
  }
}
