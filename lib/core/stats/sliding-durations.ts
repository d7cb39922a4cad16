import type { DurationStats } from '../contract/snapshot.js';
import { BUCKETS, bucketMiddle, bucketOf } from './log-histogram.js';

/** The window moves in this many steps. */
const SLICES = 10;

const NOTHING: DurationStats = Object.freeze({ mean: 0, p50: 0, p99: 0, max: 0 });

/** One step of the window. */
interface Slice {
  readonly counts: Uint32Array;
  epoch: number;
  count: number;
  sum: number;
  max: number;
}

/**
 * Durations of the last `windowMs`: mean, quantiles and maximum. Recording costs the same however much was recorded,
 * and memory is fixed (10 slices of 232 counters). Expired slices are cleared when the time comes to reuse them.
 */
export class SlidingDurations {
  readonly #sliceMs: number;
  readonly #slices: readonly Slice[];
  /** The slice of the latest record, and the span of time it is for: most records find theirs without a division. */
  #current: Slice;
  #from = Infinity;
  #until = -Infinity;

  constructor(windowMs: number) {
    this.#sliceMs = windowMs / SLICES;
    this.#slices = Array.from({ length: SLICES }, () => ({
      counts: new Uint32Array(BUCKETS),
      epoch: -1,
      count: 0,
      sum: 0,
      max: 0,
    }));
    this.#current = this.#slices[0]!;
  }

  /** Records a duration, both in milliseconds. */
  record(now: number, ms: number): void {
    if (!(now >= this.#from && now < this.#until)) this.#moveTo(now);
    const slice = this.#current;
    const bucket = bucketOf(ms);
    slice.counts[bucket] = slice.counts[bucket]! + 1;
    slice.count++;
    slice.sum += ms;
    if (ms > slice.max) slice.max = ms;
  }

  read(now: number): DurationStats {
    const oldest = Math.floor(now / this.#sliceMs) - SLICES;
    const slices: Slice[] = [];
    let [count, sum, max] = [0, 0, 0];
    for (const slice of this.#slices) {
      if (slice.count === 0 || slice.epoch <= oldest) continue;
      slices.push(slice);
      count += slice.count;
      sum += slice.sum;
      if (slice.max > max) max = slice.max;
    }
    // Controllers read this several times a second, of pools that mostly have nothing to do.
    if (count === 0) return NOTHING;
    return { mean: sum / count, ...quantiles(slices, count, max), max };
  }

  #moveTo(now: number): void {
    const epoch = Math.floor(now / this.#sliceMs);
    const slice = this.#slices[((epoch % SLICES) + SLICES) % SLICES]!;
    if (slice.epoch !== epoch) {
      slice.counts.fill(0);
      slice.epoch = epoch;
      slice.count = slice.sum = slice.max = 0;
    }
    this.#current = slice;
    this.#from = epoch * this.#sliceMs;
    this.#until = (epoch + 1) * this.#sliceMs;
  }
}

/** Both in one pass: it is the dearest part of a reading. */
function quantiles(slices: readonly Slice[], count: number, max: number): Pick<DurationStats, 'p50' | 'p99'> {
  const [half, most] = [Math.ceil(count * 0.5), Math.ceil(count * 0.99)];
  let [bucket, seen, p50] = [0, 0, -1];
  for (; bucket < BUCKETS; bucket++) {
    for (const slice of slices) seen += slice.counts[bucket]!;
    if (p50 < 0 && seen >= half) p50 = bucket;
    if (seen >= most) break;
  }
  return { p50: Math.min(max, bucketMiddle(p50)), p99: Math.min(max, bucketMiddle(bucket)) };
}
