/** A series for each name, in rings of numbers: the latest `capacity` rows, oldest first. What is full loses its oldest row. */
export class Columns<Name extends string> {
  readonly #columns: ReadonlyMap<Name, Float64Array>;
  #rows = 0;

  constructor(
    names: readonly Name[],
    readonly capacity: number,
  ) {
    this.#columns = new Map(names.map((name) => [name, new Float64Array(capacity)]));
  }

  /** Rows that are kept. */
  get length(): number {
    return Math.min(this.#rows, this.capacity);
  }

  add(row: Readonly<Record<Name, number>>): void {
    const place = this.#rows++ % this.capacity;
    for (const [name, column] of this.#columns) column[place] = row[name];
  }

  /** The latest `rows` values of one series. */
  latest(name: Name, rows = this.length): number[] {
    const column = this.#columns.get(name)!;
    const count = Math.min(rows, this.length);
    return Array.from({ length: count }, (_, index) => column[(this.#rows - count + index) % this.capacity]!);
  }
}
