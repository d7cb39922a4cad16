import type { LoadReading } from '../scaling/contract.js';

/** Sums over all tasks of a pool, for its controller. Recording costs a few additions, whatever the traffic. */
export class LoadSums {
  #started = 0;
  #late = 0;
  #served = 0;
  #serviceMs = 0;
  #serviceMsSquared = 0;

  /** Waits longer than `objectiveMs` count as late, from when it is set. */
  constructor(public objectiveMs: number) {}

  started(waitMs: number): void {
    this.#started++;
    if (waitMs > this.objectiveMs) this.#late++;
  }

  served(serviceMs: number): void {
    this.#served++;
    this.#serviceMs += serviceMs;
    this.#serviceMsSquared += serviceMs * serviceMs;
  }

  read(): LoadReading {
    return Object.freeze({
      started: this.#started,
      late: this.#late,
      served: this.#served,
      serviceMs: this.#serviceMs,
      serviceMsSquared: this.#serviceMsSquared,
    });
  }
}
