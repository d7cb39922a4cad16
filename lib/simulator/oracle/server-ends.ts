/** When each of a number of servers is free again, the soonest first: a binary heap in a flat array. */
export class ServerEnds {
  readonly #ends: Float64Array;
  #count = 0;

  /** `most`: servers that there can be. */
  constructor(most: number) {
    this.#ends = new Float64Array(most);
  }

  /** The servers that run tasks until `ends`, ascending, and as many idle ones as make `count` of them. */
  fill(ends: Float64Array, count: number, now: number): void {
    const idle = count - ends.length;
    this.#ends.fill(now, 0, idle);
    // What ascends is a heap already.
    this.#ends.set(ends, idle);
    this.#count = count;
  }

  get soonest(): number {
    return this.#ends[0]!;
  }

  /** The server that is free the soonest is busy until `end`. */
  occupy(end: number): void {
    const [ends, count] = [this.#ends, this.#count];
    let hole = 0;
    for (let child = 1; child < count; child = 2 * hole + 1) {
      if (child + 1 < count && ends[child + 1]! < ends[child]!) child++;
      if (ends[child]! >= end) break;
      ends[hole] = ends[child]!;
      hole = child;
    }
    ends[hole] = end;
  }

  /** Ends of what still runs at this time, ascending. */
  after(now: number): Float64Array {
    return this.#ends
      .subarray(0, this.#count)
      .filter((end) => end > now)
      .sort();
  }
}
