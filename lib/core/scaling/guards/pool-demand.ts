import type { PoolReading } from '../contract.js';
import { MOST_SERVICE_CV2 } from '../deciders/offered-load.js';
import { variationOf } from '../queueing/erlang-c.js';
import { CounterWindow } from '../signals/counter-window.js';
import { RATE_WINDOW_MS } from '../signals/rate-signals.js';
import { ServiceWindow } from '../signals/service-window.js';

/** What a pool is asked to do, for those who divide workers among pools. */
export interface PoolDemand {
  /** Tasks in per second, and those that wait spread over 5 s. */
  readonly arrivalRate: number;
  /** Mean service time, milliseconds. */
  readonly serviceMs: number;
  /** By what factor waits differ from M/M/c; see `variationOf`. */
  readonly variation: number;
  /** Tasks that one worker may run at the same time. Default 1. */
  readonly concurrency?: number | undefined;
  /** A task that waits longer than this is late, milliseconds. */
  readonly objectiveMs: number;
}

/** Workers that the demand keeps busy on average, by Little's law. */
export function loadOf({ arrivalRate, serviceMs, concurrency = 1 }: PoolDemand): number {
  return (arrivalRate * serviceMs) / (1_000 * concurrency);
}

/** Follows the demand of one pool from its readings. */
export class PoolDemandMeter {
  readonly #arrivals = new CounterWindow(RATE_WINDOW_MS, 1);
  readonly #service = new ServiceWindow();

  constructor(readonly objectiveMs: number) {}

  /** `null` until two readings were told and a task has ended, and for pools that do not tell their sums. */
  observe({ counters, load, queueDepth, concurrency }: PoolReading, now: number): PoolDemand | null {
    if (counters === undefined || load === undefined) return null;
    this.#arrivals.add(now, [counters.submitted]);
    this.#service.add(load);
    const serviceMs = this.#service.meanMs;
    if (serviceMs === null || this.#arrivals.spanMs === 0) return null;
    const perSecond = (this.#arrivals.added(0) * 1_000) / this.#arrivals.spanMs;
    const cv2 = Math.min(MOST_SERVICE_CV2, this.#service.squaredVariation ?? 1);
    return {
      // What has piled up is demand too, even where nothing more arrives.
      arrivalRate: perSecond + (queueDepth * 1_000) / RATE_WINDOW_MS,
      serviceMs,
      variation: variationOf(cv2),
      concurrency,
      objectiveMs: this.objectiveMs,
    };
  }
}
