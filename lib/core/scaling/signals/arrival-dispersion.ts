import type { Signal } from '../contract.js';
import { fromReading } from './reading-signals.js';

/** Arrivals are counted in bins of this length, milliseconds; longer ones where readings are further apart. */
const BIN_MS = 1_000;
/** Time constant of the averages, seconds: long enough to see several bursts, short enough to forget a bad hour. */
const MEMORY_S = 120;
/** Above this a burst is a burst, and the average should not take hours to forget it. */
const LARGEST_INDEX = 32;

/**
 * How much burstier than a Poisson stream the arrivals are. Of the rates r of successive bins of length L,
 *
 *     V = (r2 - r1)² / (1/L1 + 1/L2)      variance of the count of a second: r itself if arrivals are Poisson
 *     I = V / max(1, (r1 + r2) / 2)       index of dispersion: 1 for Poisson, at most 32
 *
 * which for bins of one second is half the squared difference of the counts. Differences of neighbours leave slow trends
 * out. m, V and I are averaged over 120 s (plainly, until that much was seen). The index is Cox and Lewis's (The
 * Statistical Analysis of Series of Events, 1966), the successive differences von Neumann's (Ann. Math. Stat. 12, 1941).
 */
export class ArrivalDispersion {
  #since: { readonly at: number; readonly submitted: number } | null = null;
  #previous: { readonly rate: number; readonly seconds: number } | null = null;
  #pairs = 0;
  #mean = 0;
  #variance = 0;
  #index = 0;

  add(now: number, submitted: number): void {
    if (this.#since === null || submitted < this.#since.submitted) {
      this.#since = { at: now, submitted };
      this.#previous = null;
      return;
    }
    const elapsedMs = now - this.#since.at;
    if (elapsedMs < BIN_MS) return;
    const bin = { rate: ((submitted - this.#since.submitted) * 1_000) / elapsedMs, seconds: elapsedMs / 1_000 };
    if (this.#previous !== null) this.#compare(this.#previous, bin);
    this.#since = { at: now, submitted };
    this.#previous = bin;
  }

  #compare(before: { rate: number; seconds: number }, bin: { rate: number; seconds: number }): void {
    const variance = (bin.rate - before.rate) ** 2 / (1 / before.seconds + 1 / bin.seconds);
    const index = Math.min(LARGEST_INDEX, variance / Math.max(1, (before.rate + bin.rate) / 2));
    const weight = Math.max(1 / ++this.#pairs, 1 - Math.exp(-bin.seconds / MEMORY_S));
    this.#mean += weight * (bin.rate - this.#mean);
    this.#variance += weight * (variance - this.#variance);
    this.#index += weight * (index - this.#index);
  }

  /** Whether two bins were seen; before, the rest is 0. */
  get isKnown(): boolean {
    return this.#pairs > 0;
  }

  /** Arrivals per second. */
  get mean(): number {
    return this.#mean;
  }

  /** Variance of the count of a second. */
  get variance(): number {
    return this.#variance;
  }

  /** 1 for Poisson arrivals, less for regular ones, more for bursts; at most 32. */
  get index(): number {
    return this.#index;
  }

  /** Varies by more than Poisson arrivals would, and by more than 0.7 of the mean. */
  get isBursty(): boolean {
    return this.#variance - this.#mean > 0.5 * this.#mean ** 2;
  }
}

/** Index of dispersion of the arrivals; see `ArrivalDispersion`. First value after two bins. Row S1. */
export function dispersionSignal(): Signal {
  const dispersion = new ArrivalDispersion();
  return fromReading(({ counters }, now) => {
    if (counters === undefined) return null;
    dispersion.add(now, counters.submitted);
    return dispersion.isKnown ? dispersion.index : null;
  });
}
