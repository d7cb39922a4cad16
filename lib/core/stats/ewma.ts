/** An exponentially weighted moving average: the first value as it is, then `alpha` of each new one (0 < alpha <= 1). */
export class Ewma {
  #value: number | null = null;

  constructor(readonly alpha: number) {}

  add(value: number): void {
    this.#value = this.#value === null ? value : this.alpha * value + (1 - this.alpha) * this.#value;
  }

  /** The average, 0 before the first value. */
  get value(): number {
    return this.#value ?? 0;
  }
}
