/** The mean of the samples of the last `windowMs`, each weighing the same: they are taken at even intervals. */
export class SlidingMean {
  readonly #windowMs: number;
  readonly #samples: { readonly at: number; readonly value: number }[] = [];
  #sum = 0;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  add(value: number, now: number): void {
    this.#samples.push({ at: now, value });
    this.#sum += value;
    while (now - this.#samples[0]!.at >= this.#windowMs) this.#sum -= this.#samples.shift()!.value;
  }

  /** 0 of no samples. */
  get mean(): number {
    return this.#samples.length === 0 ? 0 : Math.max(0, this.#sum / this.#samples.length);
  }
}
