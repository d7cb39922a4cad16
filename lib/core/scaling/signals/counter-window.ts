/** A window moves in this many steps: its length is right to a tenth. */
const STEPS = 10;
/** One more than the steps, so that the oldest mark can be just outside the window. */
const MARKS = STEPS + 1;

/**
 * Differences of counters that only grow, over a sliding window. It keeps marks, a tenth of the window apart, of the time
 * and the counters then, and tells how much was added since the newest mark that is a window old; until there is one,
 * since the first. Fixed memory; adding and reading take at most eleven steps, whatever was counted.
 *
 * A counter that has become smaller belongs to a new pool: the window starts over.
 */
export class CounterWindow {
  readonly #stepMs: number;
  /** A ring of marks: the time, then the counters. */
  readonly #marks: Float64Array;
  readonly #row: number;
  readonly #last: Float64Array;
  #first = 0;
  #count = 0;

  constructor(
    readonly windowMs: number,
    readonly counters: number,
  ) {
    this.#stepMs = windowMs / STEPS;
    this.#row = counters + 1;
    this.#marks = new Float64Array(MARKS * this.#row);
    this.#last = new Float64Array(this.#row);
  }

  /** Tells the counters as they are now. */
  add(now: number, values: readonly number[]): void {
    this.#last[0] = now;
    for (let counter = 1; counter < this.#row; counter++) {
      const value = values[counter - 1]!;
      if (value < this.#last[counter]!) this.#count = 0;
      this.#last[counter] = value;
    }
    while (this.#count > 1 && now - this.#at(1) >= this.windowMs) this.#drop();
    if (this.#count > 0 && now - this.#at(this.#count - 1) < this.#stepMs) return;
    if (this.#count === MARKS) this.#drop();
    this.#marks.set(this.#last, ((this.#first + this.#count++) % MARKS) * this.#row);
  }

  /** Milliseconds that the differences cover: 0 until two readings were told. */
  get spanMs(): number {
    return this.#count === 0 ? 0 : this.#last[0]! - this.#at(0);
  }

  /** How much was added to a counter. */
  added(counter: number): number {
    return this.#count === 0 ? 0 : this.#last[counter + 1]! - this.#marks[this.#first * this.#row + counter + 1]!;
  }

  #at(mark: number): number {
    return this.#marks[((this.#first + mark) % MARKS) * this.#row]!;
  }

  #drop(): void {
    this.#first = (this.#first + 1) % MARKS;
    this.#count--;
  }
}
