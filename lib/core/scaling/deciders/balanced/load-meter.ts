import type { PoolReading } from '../../contract.js';
import { variationOf } from '../../queueing/erlang-c.js';
import { serversOf } from '../../servers.js';
import { ArrivalDispersion } from '../../signals/arrival-dispersion.js';
import { ServiceWindow } from '../../signals/service-window.js';
import { MOST_SERVICE_CV2 } from '../offered-load.js';
import { ArrivalRates } from './arrival-rates.js';

/** What service times that nothing is known of are taken to vary by: exponential ones, the usual assumption. */
const ASSUMED_SERVICE_CV2 = 1;
/** The dispersion of the arrivals counts up to this: more is bursts, which no spare capacity absorbs; growth on enqueue does. */
const MOST_DISPERSION = 8;
/** How much of the excess dispersion counts: it is measured over a second, and most waits are over sooner. */
const DISPERSION_WEIGHT = 0.3;

/** What the pool has to do. */
export interface LoadEstimate {
  /** Tasks per second, over 4 s and over 1 s. */
  readonly rate: number;
  readonly fastRate: number;
  readonly serviceMs: number;
  /** In erlangs: tasks that run at the same time on average, by `rate`. */
  readonly load: number;
  /** The factor by which waits differ from those of M/M/c. */
  readonly variation: number;
  /** Whether arrivals come in bursts. */
  readonly isBursty: boolean;
}

/**
 * Measures the load of a pool by its readings. Of a foreign pool that does not count: arrivals are what has started and
 * what waits; without those either, what `busy` workers can do at most (Little's law), which sees no overload, so that
 * only the queue tells of one. The service time is then the reading's mean, its variation that of exponential ones.
 */
export class LoadMeter {
  readonly #rates = new ArrivalRates();
  readonly #dispersion = new ArrivalDispersion();
  readonly #service = new ServiceWindow();
  #assumedMs: number | null = null;
  #last: { readonly at: number; readonly arrived: number | null } | null = null;

  /** Once a tick. */
  observe(reading: PoolReading, now: number): void {
    this.observeService(reading);
    const arrived = arrivedAt(reading);
    const last = this.#last;
    if (last !== null && now <= last.at) return;
    this.#last = { at: now, arrived };
    if (arrived !== null) this.#dispersion.add(now, arrived);
    if (last === null) return;
    const seconds = (now - last.at) / 1_000;
    const rate =
      arrived === null
        ? this.#rateOf(serversOf(reading.busy, reading))
        : (arrived - (last.arrived ?? arrived)) / seconds;
    // Fewer than before: another pool, or tasks that left the queue of one that does not count them.
    if (rate !== null && rate >= 0) this.#rates.add(seconds, rate);
  }

  /** Also between two ticks, when tasks wait: what was unknown may be known by now. */
  observeService(reading: PoolReading): void {
    if (reading.load !== undefined) return this.#service.add(reading.load);
    // Only now: a pool of ours would have to go through its histogram.
    const meanMs = reading.service?.mean ?? 0;
    if (meanMs > 0) this.#assumedMs = meanMs;
  }

  /** Whether arrivals were counted over some time. */
  get isRateKnown(): boolean {
    return this.#rates.isKnown;
  }

  /** `null` until the service time is known. */
  read(): LoadEstimate | null {
    const serviceMs = this.#serviceMs;
    if (serviceMs === null) return null;
    const { slow: rate, fast: fastRate } = this.#rates;
    const { isBursty } = this.#dispersion;
    return { rate, fastRate, serviceMs, load: (rate * serviceMs) / 1_000, variation: this.#variation, isBursty };
  }

  get #serviceMs(): number | null {
    return this.#service.meanMs ?? this.#assumedMs;
  }

  get #variation(): number {
    const cv2 = Math.min(MOST_SERVICE_CV2, this.#service.squaredVariation ?? ASSUMED_SERVICE_CV2);
    const dispersion = Math.max(1, Math.min(MOST_DISPERSION, this.#dispersion.index));
    return variationOf(cv2) + (DISPERSION_WEIGHT * (dispersion - 1)) / 2;
  }

  #rateOf(running: number): number | null {
    const serviceMs = this.#serviceMs;
    return serviceMs === null || serviceMs <= 0 ? null : (running * 1_000) / serviceMs;
  }
}

/** Tasks that have arrived since the pool was created, or `null` where that cannot be told. */
function arrivedAt({ counters, load, queueDepth }: PoolReading): number | null {
  return counters?.submitted ?? (load === undefined ? null : load.started + queueDepth);
}
