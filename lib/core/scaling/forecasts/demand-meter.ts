import type { PoolReading } from '../contract.js';
import { serversOf } from '../servers.js';

/** Mean demand up to the end of a bucket of time. Buckets are counted from time 0. */
export interface Demand {
  readonly bucket: number;
  readonly workers: number;
}

interface Sums {
  readonly at: number;
  readonly submitted: number;
  readonly served: number;
  readonly serviceMs: number;
}

/**
 * What the pool was asked to do, in workers: arrivals per second x mean service time (Little's law) over the tasks that
 * one of them may run at the same time; once for each bucket of time, since forecasts need samples at even distances.
 */
export class DemandMeter {
  readonly #bucketMs: number;
  #last: Sums | null = null;
  #meanMs: number | undefined;

  constructor(bucketMs: number) {
    this.#bucketMs = bucketMs;
  }

  /**
   * The demand since the last bucket ended, with the first reading of a later one; `null` otherwise, and for pools that
   * tell neither arrivals nor service times. After a gap it is the mean over the gap.
   */
  observe(reading: PoolReading, now: number): Demand | null {
    const { counters, load, service } = reading;
    const last = this.#last;
    const bucket = Math.floor(now / this.#bucketMs);
    if (counters === undefined || (last !== null && bucket <= Math.floor(last.at / this.#bucketMs))) return null;
    const { served = 0, serviceMs = 0 } = load ?? {};
    this.#last = { at: now, submitted: counters.submitted, served, serviceMs };
    if (last === null) return null;
    if (load === undefined) this.#meanMs = service?.mean;
    else if (served > last.served) this.#meanMs = (serviceMs - last.serviceMs) / (served - last.served);
    if (this.#meanMs === undefined) return null;
    const rate = (counters.submitted - last.submitted) / (now - last.at);
    return { bucket: bucket - 1, workers: (rate * this.#meanMs) / serversOf(1, reading) };
  }
}
