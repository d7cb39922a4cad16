import type { Decider } from '../contract.js';
import type { SpecReader } from '../spec-reader.js';
import { told } from '../wording.js';
import { EndedMeter } from './ended-meter.js';

/**
 * A limit on what runs at once, by service times: where they rise above what is usual the downstream queues, and the
 * limit falls; where they do not, it rises. It moves only while at least half of it is in use, and stays where it is
 * otherwise: alone it never shrinks an idle pool. Meant as the limit of a `ceiling`, for async pools.
 * Built after Gradient2Limit of Netflix's concurrency-limits.
 */
export interface Gradient2Spec {
  readonly type: 'gradient2';
  /** Least length of a sample. Default 1,000, as the original's windows. */
  readonly sampleMs?: number;
  /** The rise of service times over the usual that is no reason to shrink. Default 1.5, as in the original. */
  readonly tolerance?: number;
  /** Workers by which the limit grows while service times are usual. Default 4, as in the original. */
  readonly headroom?: number;
  /** Weight of the new limit. Default 0.2, as in the original. */
  readonly smoothing?: number;
  /** The limit to begin with, where the pool is not larger. Default: the pool's size; the original's is 20. */
  readonly initial?: number;
  /** Samples over which the usual service time is taken. Default 600, as in the original. */
  readonly longSamples?: number;
}

/** Tasks that make a sample: fewer tell little of the mean. */
const LEAST_ENDED = 10;
/** Samples at the start that are averaged evenly. */
const WARM_UP = 10;
/** The most that one sample may shrink the limit by, before smoothing: outliers shall not halve the pool. */
const STEEPEST = 0.5;
/** After a long overload the usual time is far above what it should be: it is brought down faster than by its average. */
const DRIFT = { ratio: 2, factor: 0.95 } as const;

export function gradient2(read: SpecReader): Decider {
  read.only(['sampleMs', 'tolerance', 'headroom', 'smoothing', 'initial', 'longSamples']);
  const sampleMs = read.ticksMs('sampleMs', Math.max(1_000, read.tickMs));
  const tolerance = read.number('tolerance', { from: 1 }, 1.5);
  const headroom = read.number('headroom', { above: 0 }, 4);
  const smoothing = read.number('smoothing', { above: 0, to: 1 }, 0.2);
  const initial = read.number('initial', { from: 1 }, 1);
  const usual = new UsualTime(read.number('longSamples', { from: 1 }, 600));
  const meter = new EndedMeter();
  let since: number | null = null;
  let count = 0;
  let totalMs = 0;
  let limit: number | null = null;

  return {
    decide(input) {
      const { snapshot, now } = input;
      limit = Math.max(snapshot.min, Math.min(snapshot.max, limit ?? Math.max(initial, snapshot.target)));
      const ended = meter.take(snapshot);
      if (ended === null || since === null) {
        since ??= now;
        return { target: Math.floor(limit), why: 'it has not yet seen tasks end' };
      }
      if (ended.meanMs !== null) {
        count += ended.count;
        totalMs += ended.count * ended.meanMs;
      }
      if (now - since < sampleMs || count < LEAST_ENDED) {
        return { target: Math.floor(limit), why: 'too few tasks have ended to move the limit' };
      }
      const meanMs = totalMs / count;
      [since, count, totalMs] = [now, 0, 0];
      const usualMs = usual.add(meanMs);
      const why = `tasks take ${told(meanMs)} ms, usually ${told(usualMs)} ms`;
      if (snapshot.busy < limit / 2) return { target: Math.floor(limit), why: `${why}; most of the limit is unused` };
      const gradient = meanMs > 0 ? Math.max(STEEPEST, Math.min(1, (tolerance * usualMs) / meanMs)) : 1;
      const moved = (1 - smoothing) * limit + smoothing * (limit * gradient + headroom);
      limit = Math.max(snapshot.min, Math.min(snapshot.max, moved));
      return { target: Math.floor(limit), why };
    },
  };
}

/** The usual service time: an even average of the first samples, an exponentially weighted one from then on. */
class UsualTime {
  readonly #alpha: number;
  #samples = 0;
  #value = 0;

  constructor(samples: number) {
    this.#alpha = 2 / (samples + 1);
  }

  add(ms: number): number {
    this.#samples++;
    this.#value += (ms - this.#value) * (this.#samples <= WARM_UP ? 1 / this.#samples : this.#alpha);
    const now = this.#value;
    if (now > DRIFT.ratio * ms) this.#value *= DRIFT.factor;
    return now;
  }
}
