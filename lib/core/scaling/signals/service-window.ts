import type { LoadReading } from '../contract.js';

/**
 * Completions that the window covers. The mean is then told to 1/sqrt(200), 7 % of its standard deviation, and a change
 * of the work is followed within 200 tasks, be they a second or an hour.
 */
export const SERVICE_COMPLETIONS = 200;

/** The window moves in this many steps. */
const STEPS = 10;

/** The sums that matter here. */
type Sums = Pick<LoadReading, 'served' | 'serviceMs' | 'serviceMsSquared'>;

const NOTHING: Sums = { served: 0, serviceMs: 0, serviceMsSquared: 0 };

/**
 * Service time of the last 200 completions or so: mean and squared coefficient of variation, from differences of sums
 * that only grow. It keeps at most twelve marks, twenty completions apart at least. Where more than 200 complete between
 * two readings, it is those of that time; until there were 200, it is all since the pool was created.
 *
 * var = E[s²] - E[s]², cs² = var / E[s]².
 */
export class ServiceWindow {
  readonly #step: number;
  #marks: Sums[] = [NOTHING];
  /** Written over by each reading: most of them are no mark. */
  readonly #last = { ...NOTHING };

  constructor(readonly completions: number = SERVICE_COMPLETIONS) {
    this.#step = completions / STEPS;
  }

  add({ served, serviceMs, serviceMsSquared }: LoadReading): void {
    // Fewer than before: another pool.
    if (served < this.#last.served) this.#marks = [NOTHING];
    this.#last.served = served;
    this.#last.serviceMs = serviceMs;
    this.#last.serviceMsSquared = serviceMsSquared;
    while (this.#marks.length > 1 && served - this.#marks[1]!.served >= this.completions) this.#marks.shift();
    if (served - this.#marks.at(-1)!.served >= this.#step) this.#marks.push({ ...this.#last });
  }

  /** Completions that the two figures are of. */
  get count(): number {
    return this.#difference('served');
  }

  /** Mean service time in milliseconds; `null` before anything was served. */
  get meanMs(): number | null {
    return this.count === 0 ? null : this.#difference('serviceMs') / this.count;
  }

  /** 0 for equal tasks, 1 for exponential ones; `null` before two were served, or where they took no time. */
  get squaredVariation(): number | null {
    const { count, meanMs } = this;
    if (count < 2 || meanMs === null || meanMs <= 0) return null;
    // Rounding can take the difference of two nearly equal numbers below zero.
    return Math.max(0, this.#difference('serviceMsSquared') / count / meanMs ** 2 - 1);
  }

  #difference(sum: keyof Sums): number {
    return this.#last[sum] - this.#marks[0]![sum];
  }
}
