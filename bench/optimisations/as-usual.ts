const SIZE = 1_000;

/** The last so many samples; a quantile sorts them. */
export class RingOfSamples {
  readonly #samples = new Float64Array(SIZE);
  #index = 0;

  record(ms: number): void {
    this.#samples[this.#index] = ms;
    this.#index = (this.#index + 1) % SIZE;
  }

  p99(): number {
    return this.#samples.slice().sort()[Math.floor((SIZE - 1) * 0.99)]!;
  }
}

/** The mean of the last so many values. */
export class MovingAverage {
  readonly #samples: number[] = Array.from({ length: 20 }, () => 0.5);
  #index = 0;
  #sum = 10;

  add(value: number): void {
    this.#sum += value - this.#samples[this.#index]!;
    this.#samples[this.#index] = value;
    this.#index = (this.#index + 1) % this.#samples.length;
  }

  get value(): number {
    return this.#sum / this.#samples.length;
  }
}

/** An average that is nothing before its first value. */
export class NullableAverage {
  #value: number | null = null;

  constructor(readonly alpha: number) {}

  add(value: number): void {
    this.#value = this.#value === null ? value : this.alpha * value + (1 - this.alpha) * this.#value;
  }

  get value(): number {
    return this.#value ?? 0;
  }
}
