import type { MessagePort } from 'node:worker_threads';
import type { EngineTask, Outcome, TaskTiming } from '../../core/engine.js';
import type { PackedTasks, TaskMessage } from './protocol.js';
import type { SharedTable } from './shared-layout.js';
import type { SlotBook } from './slot-book.js';
import { compact, findBuffers } from './wire/buffers.js';
import { cloneError } from './wire/clone-path.js';
import { isPrimitive } from './wire/primitives.js';

/** An end whose timing is still being measured. */
export interface MeasuredOutcome extends Outcome {
  readonly timing: { -readonly [Part in keyof TaskTiming]: TaskTiming[Part] };
}

/** Of a task that never ran. */
export function untimed(): MeasuredOutcome['timing'] {
  return { serviceMs: 0, cloneMs: 0, dispatchMs: 0 };
}

/** Posts tasks to a worker: those with nothing but primitive arguments together, every other one in a message of its own. */
export class TaskSender {
  #names: ReadonlyMap<string, number> = new Map();
  #posted = 0;
  /** When the work on the message at hand began. */
  #begun = 0;

  constructor(
    readonly pool: string,
    readonly port: MessagePort,
    readonly table: SharedTable,
    readonly book: SlotBook,
  ) {}

  /** The worker's tasks, in its order. */
  learnNames(names: readonly string[]): void {
    this.#names = new Map(names.map((name, index) => [name, index]));
  }

  /** Returns the ends of those that could not be sent. */
  send(tasks: readonly EngineTask[]): MeasuredOutcome[] {
    const failures: MeasuredOutcome[] = [];
    this.#begun = performance.now();
    let pack: PackedTasks = [];
    let slots: number[] = [];
    const postPack = () => {
      if (slots.length > 0) this.#post(pack, slots);
      [pack, slots] = [[], []];
    };
    for (const task of tasks) {
      const slot = this.book.take(task);
      this.table.send(slot);
      if (task.args.every(isPrimitive)) {
        this.#pack(pack, slot, task);
        slots.push(slot);
        continue;
      }
      postPack();
      const failure = this.#sendAlone(task, slot);
      if (failure) failures.push(failure);
    }
    postPack();
    return failures;
  }

  #sendAlone(task: EngineTask, slot: number): MeasuredOutcome | null {
    const args = [...compact(task.args, task.transfer)];
    // A signal cannot be cloned; the task gets one of its own in its place.
    for (const index of task.signalArgs) args[index] = null;
    const buffers = findBuffers(args);
    try {
      if (buffers || task.signalArgs.length > 0) {
        const signals = task.signalArgs.length > 0 ? task.signalArgs : null;
        const message: TaskMessage = { slot, name: this.#names.get(task.name)!, args, signals, buffers };
        this.#post(message, [slot], task);
      } else {
        const pack: PackedTasks = [];
        this.#pack(pack, slot, task, args);
        this.#post(pack, [slot], task);
      }
      return null;
    } catch (error) {
      this.table.free(slot);
      this.book.free(slot);
      const value = cloneError(this.pool, task.name, args, 'args', error, task.transfer);
      return { task, ok: false, value, timing: untimed() };
    }
  }

  #pack(pack: PackedTasks, slot: number, task: EngineTask, args: readonly unknown[] = task.args): void {
    pack.push(slot, this.#names.get(task.name), args.length);
    for (const arg of args) pack.push(arg);
  }

  #post(message: PackedTasks | TaskMessage, slots: readonly number[], task?: EngineTask): void {
    const prepared = performance.now();
    this.port.postMessage(message, task?.transfer);
    this.#posted++;
    const posted = performance.now();
    const [sendMs, cloneMs] = [(prepared - this.#begun) / slots.length, (posted - prepared) / slots.length];
    this.#begun = posted;
    this.table.ring();
    for (const slot of slots) {
      this.book.sendMs[slot] = sendMs;
      this.book.cloneMs[slot] = cloneMs;
      this.book.message[slot] = this.#posted;
    }
  }
}
