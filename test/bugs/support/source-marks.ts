/** What the task `source` tells of itself, from its thread. */
export class SourceMarks {
  readonly memory = new SharedArrayBuffer(8);
  readonly #words = new Int32Array(this.memory);

  /** Items that were asked for. */
  get asked(): number {
    return Atomics.load(this.#words, 0);
  }

  /** Whether its `finally` ran. */
  get wasLeft(): boolean {
    return Atomics.load(this.#words, 1) === 1;
  }
}
