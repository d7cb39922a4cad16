/** Tasks that run, by the time at which they end: a binary heap of fixed size in two flat arrays. */
export class RunningTasks {
  readonly #ends: Float64Array;
  readonly #tasks: Int32Array;
  #count = 0;

  /** `most`: tasks that can run at once. */
  constructor(most: number) {
    this.#ends = new Float64Array(most);
    this.#tasks = new Int32Array(most);
  }

  get count(): number {
    return this.#count;
  }

  /** When the next one ends; `Infinity` while none runs. */
  get nextEnd(): number {
    return this.#count === 0 ? Infinity : this.#ends[0]!;
  }

  add(task: number, end: number): void {
    const ends = this.#ends;
    const tasks = this.#tasks;
    let hole = this.#count++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (ends[parent]! <= end) break;
      ends[hole] = ends[parent]!;
      tasks[hole] = tasks[parent]!;
      hole = parent;
    }
    ends[hole] = end;
    tasks[hole] = task;
  }

  /** Takes out the task that ends next. */
  take(): number {
    const ends = this.#ends;
    const tasks = this.#tasks;
    const first = tasks[0]!;
    const count = --this.#count;
    const end = ends[count]!;
    const task = tasks[count]!;
    let hole = 0;
    for (let child = 1; child < count; child = 2 * hole + 1) {
      if (child + 1 < count && ends[child + 1]! < ends[child]!) child++;
      if (ends[child]! >= end) break;
      ends[hole] = ends[child]!;
      tasks[hole] = tasks[child]!;
      hole = child;
    }
    ends[hole] = end;
    tasks[hole] = task;
    return first;
  }
}
