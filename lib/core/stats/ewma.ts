/** An exponentially weighted moving average: the first value as it is, then `alpha` of each new one (0 < alpha <= 1). */
export class Ewma {
  /** NaN before the first value: with `null` each new average would be an object of its own. */
  #value = Number.NaN;

  constructor(readonly alpha: number) {}

  add(value: number): void {
    const average = this.#value;
    this.#value = Number.isNaN(average) ? value : this.alpha * value + (1 - this.alpha) * average;
  }

  /** The average, 0 before the first value. */
  get value(): number {
    return Number.isNaN(this.#value) ? 0 : this.#value;
  }
}
