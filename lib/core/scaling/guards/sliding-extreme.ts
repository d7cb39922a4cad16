/**
 * The highest (or lowest) value of the last `windowMs`. Only values that may still become it are kept, each lower than
 * the one before, so that there are never more than there are different sizes. Adding takes one step on average.
 * D. Lemire, "Streaming maximum-minimum filter using no more than three comparisons per element", 2006.
 */
export class SlidingExtreme {
  readonly #sign: 1 | -1;
  readonly #windowMs: number;
  readonly #values: number[] = [];
  readonly #times: number[] = [];

  constructor(windowMs: number, kind: 'highest' | 'lowest') {
    this.#windowMs = windowMs;
    this.#sign = kind === 'highest' ? 1 : -1;
  }

  /** Takes in a value, and tells the extreme of those not older than the window. */
  add(value: number, now: number): number {
    while (this.#values.length > 0 && (this.#values.at(-1)! - value) * this.#sign <= 0) {
      this.#values.pop();
      this.#times.pop();
    }
    this.#values.push(value);
    this.#times.push(now);
    while (now - this.#times[0]! > this.#windowMs) {
      this.#values.shift();
      this.#times.shift();
    }
    return this.#values[0]!;
  }
}
