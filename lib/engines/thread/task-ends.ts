import type { WorkerSink } from '../../core/engine.js';
import { Claims, type SharedTable } from './shared-layout.js';
import { NONE, type SlotBook } from './slot-book.js';
import { untimed, type MeasuredOutcome } from './task-sender.js';

/** The ends of a worker's tasks: read from the table or from messages, measured, and told together. */
export class TaskEnds {
  #outcomes: MeasuredOutcome[] = [];
  #hasMadeRoom = false;
  /** Whether the thread is gone. */
  hasExited = false;

  constructor(
    readonly table: SharedTable,
    readonly book: SlotBook,
    readonly sink: WorkerSink,
    /** Whether the worker does one task after the other, in the order in which they were sent. */
    readonly isInOrder: boolean,
    /** Slots are free again; the sink will hear of it next. */
    readonly onRoom: () => void,
  ) {}

  /** Reads results from the table. Where tasks are done in order, those behind one that is not done need no look. */
  collect(): void {
    for (let slot = this.book.first; slot !== NONE;) {
      const next = this.book.after(slot);
      const claim = this.table.claim(slot);
      if (claim === Claims.DONE && !this.table.isPosted(slot)) this.#settle(slot, true, this.table.result(slot));
      else if (claim === Claims.SKIPPED) this.#settleSkipped(slot);
      else if (this.isInOrder) return;
      slot = next;
    }
  }

  /** A reply came in a message; what was done before it is in the table. */
  end(slot: number, ok: boolean, value: unknown): void {
    if (this.isInOrder) this.collect();
    this.#settle(slot, ok, value);
  }

  /** Nothing is known of this task's run but that its end cannot be read. */
  fail(slot: number, value: unknown): void {
    const task = this.book.taskIn(slot);
    this.#release(slot);
    if (!task) return;
    this.#outcomes.push({ task, ok: false, value, timing: untimed() });
    this.report();
  }

  /** Of tasks that never got to the thread. */
  add(failures: readonly MeasuredOutcome[]): void {
    for (const failure of failures) this.#outcomes.push(failure);
  }

  /** Tells of the ends since the last time. What it took to read them since `begun` is shared among them. */
  report(begun?: number): void {
    if (this.#outcomes.length === 0 && !this.#hasMadeRoom) return;
    const outcomes = this.#outcomes;
    if (begun !== undefined) share(performance.now() - begun, outcomes);
    this.#outcomes = [];
    this.#hasMadeRoom = false;
    this.onRoom();
    this.sink.settled(outcomes);
    this.promote();
  }

  /**
   * In a worker that does one task after the other, the first counts as started. Where a worker interleaves tasks, it
   * says itself when it begins one. To a thread that is gone (its last replies are being read) nothing starts: its
   * tasks will be handed back.
   */
  promote(): void {
    if (!this.isInOrder || this.hasExited) return;
    for (let slot = this.book.first; slot !== NONE; slot = this.book.after(slot)) {
      const task = this.book.taskIn(slot);
      if (task) return this.sink.started(task);
    }
  }

  #settle(slot: number, ok: boolean, value: unknown): void {
    const task = this.book.taskIn(slot);
    const startedAt = this.table.startedAt(slot);
    const timing = {
      serviceMs: this.table.serviceMs(slot),
      cloneMs: this.book.cloneMs[slot]!,
      dispatchMs: this.book.sendMs[slot]!,
    };
    this.#release(slot);
    if (!task) return;
    this.#outcomes.push({ task, ok, value, timing, startedAt });
  }

  #settleSkipped(slot: number): void {
    const task = this.book.taskIn(slot);
    this.#release(slot);
    if (task) this.#outcomes.push({ task, ok: false, value: undefined, timing: untimed() });
  }

  #release(slot: number): void {
    this.table.free(slot);
    this.book.free(slot);
    this.#hasMadeRoom = true;
  }
}

function share(ms: number, outcomes: readonly MeasuredOutcome[]): void {
  for (const { timing } of outcomes) timing.dispatchMs += ms / outcomes.length;
}
