/**
 * Time that passes only when told to, for everything in this process that asks `performance.now()`: between two ticks a
 * quarter of a second passes for the pool and none for the benchmark. Timers keep to real time.
 */
export class VirtualTime implements Disposable {
  readonly #real = performance.now.bind(performance);
  #now = this.#real();

  constructor() {
    performance.now = () => this.#now;
  }

  /** Milliseconds of the clock on the wall. */
  realNow(): number {
    return this.#real();
  }

  pass(ms: number): void {
    this.#now += ms;
  }

  [Symbol.dispose](): void {
    // What it was before is the prototype's.
    delete (performance as { now?: unknown }).now;
  }
}
