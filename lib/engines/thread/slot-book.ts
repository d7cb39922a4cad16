import type { EngineTask } from '../../core/engine.js';

/** No slot. */
export const NONE = -1;

/**
 * Which task is in which slot of a worker's table, and the order in which the slots were taken. A slot whose task was
 * taken back is vacant, and stays taken until it is freed.
 */
export class SlotBook {
  readonly #tasks: (EngineTask | null)[];
  readonly #free: number[];
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  #first = NONE;
  #last = NONE;
  /** What it cost this thread to post the slot's task, and to prepare that, milliseconds. */
  readonly sendMs: Float64Array;
  readonly cloneMs: Float64Array;
  /** Which message the slot's task was in, counted from 1. */
  readonly message: Float64Array;

  constructor(slots: number) {
    this.#tasks = Array.from({ length: slots }, () => null);
    this.#free = Array.from({ length: slots }, (_, index) => slots - 1 - index);
    this.#next = new Int32Array(slots).fill(NONE);
    this.#previous = new Int32Array(slots).fill(NONE);
    this.sendMs = new Float64Array(slots);
    this.cloneMs = new Float64Array(slots);
    this.message = new Float64Array(slots);
  }

  get isEmpty(): boolean {
    return this.#first === NONE;
  }

  /** Free slots. */
  get room(): number {
    return this.#free.length;
  }

  /** The slot taken first, or NONE. */
  get first(): number {
    return this.#first;
  }

  /** The slot taken next after this one, or NONE. */
  after(slot: number): number {
    return this.#next[slot]!;
  }

  /** Puts a task into a free slot; the pool never sends more than there are. */
  take(task: EngineTask): number {
    const slot = this.#free.pop()!;
    this.#tasks[slot] = task;
    task.slot = slot;
    this.#previous[slot] = this.#last;
    this.#next[slot] = NONE;
    if (this.#last === NONE) this.#first = slot;
    else this.#next[this.#last] = slot;
    this.#last = slot;
    return slot;
  }

  /** The slot's task was taken back, and is no business of this worker any more. */
  vacate(slot: number): void {
    this.#tasks[slot] = null;
  }

  free(slot: number): void {
    const [previous, next] = [this.#previous[slot]!, this.#next[slot]!];
    if (previous === NONE) this.#first = next;
    else this.#next[previous] = next;
    if (next === NONE) this.#last = previous;
    else this.#previous[next] = previous;
    this.#tasks[slot] = null;
    this.#free.push(slot);
  }

  /** The slot of a task that is here, or NONE. */
  slotOf(task: EngineTask): number {
    return task.slot !== NONE && this.#tasks[task.slot] === task ? task.slot : NONE;
  }

  taskIn(slot: number): EngineTask | null {
    return this.#tasks[slot] ?? null;
  }
}
