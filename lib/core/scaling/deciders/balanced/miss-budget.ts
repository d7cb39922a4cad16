import type { PoolReading } from '../../contract.js';

/** Starts over which the share of late ones is averaged: twelve late ones at 0.4 %, enough to tell a share from luck. */
const MEMORY_STARTS = 3_000;
/** How fast the share is turned up while misses are saved, per second: twice as high after 140 s without a miss. */
const GAIN_PER_S = 0.005;
/** The share is turned down at most four times as fast as up: a late task weighs more than a worker that idles. */
const MOST_OVERSPENT = 4;
/** Where the share starts and its bounds, as multiples of the budget: with 0.4 %, from 1.5 %, within 0.2 % and 5 %. */
const START = 3.75;
const LEAST = 0.5;
const MOST = 12.5;

/**
 * The share of late tasks that the formula is asked for, E. The formula is an approximation and the sizes are whole, so
 * that what is asked for is not what comes: E is turned until the measured misses are those that may be spent.
 *
 *     E *= exp(0.005 dt clamp((miss - measured) / miss, -4, 1))
 *
 * Where the pool tells of no late tasks, E stays where it starts.
 */
export class MissBudget {
  #share: number;
  #measured = 0;
  #last: { readonly at: number; readonly started: number; readonly late: number } | null = null;

  /** `miss`: the share of tasks that may be late in the long run. */
  constructor(readonly miss: number) {
    this.#share = START * miss;
  }

  /** E */
  get share(): number {
    return this.#share;
  }

  observe({ load }: PoolReading, now: number): void {
    if (load === undefined) return;
    const { started, late } = load;
    const last = this.#last;
    this.#last = { at: now, started, late };
    // The first reading, or fewer than before: another pool.
    if (last === null || started < last.started || late < last.late) return;
    this.#count(started - last.started, late - last.late);
    const saved = Math.max(-MOST_OVERSPENT, Math.min(1, (this.miss - this.#measured) / this.miss));
    const turned = this.#share * Math.exp(((GAIN_PER_S * Math.max(0, now - last.at)) / 1_000) * saved);
    this.#share = Math.max(LEAST * this.miss, Math.min(MOST * this.miss, turned));
  }

  #count(started: number, late: number): void {
    if (started === 0) return;
    const weight = 1 - Math.exp(-started / MEMORY_STARTS);
    this.#measured += weight * (late / started - this.#measured);
  }
}
