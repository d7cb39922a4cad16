import type { EngineTask } from '../../core/engine.js';

/** When a task was posted, and what cloning it cost, in milliseconds. */
export interface Sending {
  readonly sentAt: number;
  readonly cloneMs: number;
}

const NOTHING_SENT: Sending = { sentAt: 0, cloneMs: 0 };

/** Which task is in which slot of a worker's table. */
export class SlotBook {
  readonly #tasks: (EngineTask | null)[];
  readonly #sendings: Sending[];
  readonly #slotByTask = new Map<EngineTask, number>();
  readonly #free: number[];

  constructor(readonly slots: number) {
    this.#tasks = Array.from({ length: slots }, () => null);
    this.#sendings = Array.from({ length: slots }, () => NOTHING_SENT);
    this.#free = Array.from({ length: slots }, (_, index) => slots - 1 - index);
  }

  get isEmpty(): boolean {
    return this.#slotByTask.size === 0;
  }

  /** Puts a task into a free slot; the pool never sends more than there are. */
  take(task: EngineTask): number {
    const slot = this.#free.pop()!;
    this.#tasks[slot] = task;
    this.#slotByTask.set(task, slot);
    return slot;
  }

  note(slot: number, sending: Sending): void {
    this.#sendings[slot] = sending;
  }

  free(slot: number): void {
    const task = this.#tasks[slot];
    if (!task) return;
    this.#tasks[slot] = null;
    this.#slotByTask.delete(task);
    this.#free.push(slot);
  }

  slotOf(task: EngineTask): number | undefined {
    return this.#slotByTask.get(task);
  }

  taskIn(slot: number): EngineTask | null {
    return this.#tasks[slot] ?? null;
  }

  sending(slot: number): Sending {
    return this.#sendings[slot] ?? NOTHING_SENT;
  }

  entries(): { task: EngineTask; slot: number }[] {
    return [...this.#slotByTask].map(([task, slot]) => ({ task, slot }));
  }
}
