import type { PoolReading } from '../contract.js';

/** Tasks that ended between two readings, and how long they took on average; `null` where the pool does not tell. */
export interface Ended {
  readonly count: number;
  readonly meanMs: number | null;
}

/** Takes the difference of the pool's sums from one reading to the next. */
export class EndedMeter {
  #count = 0;
  #serviceMs = 0;
  #isPrimed = false;

  /** What ended since the last call; `null` at the first, and for a pool that counts nothing. */
  take(reading: PoolReading): Ended | null {
    const { load, counters } = reading;
    const total = load?.served ?? (counters === undefined ? undefined : counters.completed + counters.failed);
    if (total === undefined) return null;
    const count = total - this.#count;
    const summed = (load?.serviceMs ?? 0) - this.#serviceMs;
    this.#count = total;
    this.#serviceMs = load?.serviceMs ?? 0;
    if (!this.#isPrimed) {
      this.#isPrimed = true;
      return null;
    }
    const meanMs = load === undefined ? (reading.service?.mean ?? null) : count > 0 ? summed / count : null;
    return { count, meanMs };
  }
}
