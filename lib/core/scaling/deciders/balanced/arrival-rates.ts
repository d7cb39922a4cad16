/** Time constant of the fast average, seconds: a jump shows in it within about a second. */
const FAST_S = 1;
/** Time constant of the slow average, seconds: what the pool is sized by, so that noise does not move it. */
const SLOW_S = 4;
/** The slow average follows a jump of more than so many standard deviations, which noise makes about once in 700 looks. */
const JUMP_DEVIATIONS = 3;
/** And of more than this, tasks per second: at rates near 0 a single task is many standard deviations. */
const JUMP_FLOOR = 0.5;

/**
 * The rate at which tasks arrive, per second: two exponentially weighted averages, of 1 s and of 4 s (plain ones until
 * that much was seen). Where the fast one is above the slow one by more than Poisson noise explains, the slow one is set
 * to it. An average over T of Poisson arrivals at rate r has the variance r / 2T: that is the noise of the fast one.
 */
export class ArrivalRates {
  #seconds = 0;
  #fast = 0;
  #slow = 0;

  /** Tells the rate of the last `seconds`. */
  add(seconds: number, rate: number): void {
    this.#seconds += seconds;
    this.#fast += this.#weight(seconds, FAST_S) * (rate - this.#fast);
    this.#slow += this.#weight(seconds, SLOW_S) * (rate - this.#slow);
    const noise = JUMP_DEVIATIONS * Math.sqrt(this.#slow / (2 * FAST_S));
    if (this.#fast > this.#slow + noise + JUMP_FLOOR) this.#slow = this.#fast;
  }

  /** Whether any were told; before, both are 0. */
  get isKnown(): boolean {
    return this.#seconds > 0;
  }

  get fast(): number {
    return this.#fast;
  }

  get slow(): number {
    return this.#slow;
  }

  #weight(seconds: number, memory: number): number {
    return Math.max(seconds / this.#seconds, 1 - Math.exp(-seconds / memory));
  }
}
