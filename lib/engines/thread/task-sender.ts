import type { MessagePort, Transferable } from 'node:worker_threads';
import type { EngineTask, Outcome, TaskTiming } from '../../core/engine.js';
import type { TaskCloneError } from '../../core/errors.js';
import type { PackedTasks, TaskExtras, TaskMessage } from './protocol.js';
import type { SharedTable } from './shared-layout.js';
import type { SlotBook } from './slot-book.js';
import { compact, findBuffers } from './wire/buffers.js';
import { cloneError, findUncloneable } from './wire/clone-path.js';
import { isPrimitive } from './wire/primitives.js';

/** An end whose timing is still being measured. */
export interface MeasuredOutcome extends Outcome {
  readonly timing: { -readonly [Part in keyof TaskTiming]: TaskTiming[Part] };
}

/** Of a task that never ran. */
export function untimed(): MeasuredOutcome['timing'] {
  return { serviceMs: 0, cloneMs: 0, dispatchMs: 0 };
}

/** Tasks on their way into one message. */
interface Pack {
  readonly message: PackedTasks;
  readonly tasks: EngineTask[];
  readonly transfer: Transferable[];
}

/**
 * Posts tasks to a worker: together those that cannot share an object, since their arguments are primitive values or
 * memory that moves along; every other one in a message of its own.
 */
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
    let pack = emptyPack();
    for (const task of tasks) {
      this.table.send(this.book.take(task));
      if (extrasOf(task) === null && sharesNothing(task)) {
        this.#pack(pack, task, task.args);
        continue;
      }
      this.#sendPack(pack, failures);
      pack = emptyPack();
      this.#sendAlone(task, failures);
    }
    this.#sendPack(pack, failures);
    return failures;
  }

  #sendPack(pack: Pack, failures: MeasuredOutcome[]): void {
    if (pack.tasks.length === 0) return;
    try {
      this.#post(pack.message, pack.tasks, pack.transfer);
    } catch {
      // Memory that moved before, or twice: on its own each task tells whether it is to blame.
      for (const task of pack.tasks) this.#sendAlone(task, failures);
    }
  }

  #sendAlone(task: EngineTask, failures: MeasuredOutcome[]): void {
    const args = [...task.args];
    // A signal cannot be cloned; the task gets one of its own in its place.
    for (const index of task.signalArgs) args[index] = null;
    try {
      this.#post(this.#messageFor(task, [...compact(args, task.transfer)]), [task], task.transfer);
    } catch (error) {
      this.table.free(task.slot);
      this.book.free(task.slot);
      const value = this.#refused(task, args, error);
      failures.push({ task, ok: false, value, timing: untimed() });
    }
  }

  /** Which of what was sent is to blame: the arguments, or what surrounds the call. */
  #refused({ name, context, transfer }: EngineTask, args: readonly unknown[], error: unknown): TaskCloneError {
    return context === undefined || findUncloneable(args, 'args', transfer)
      ? cloneError(this.pool, name, args, 'args', error, transfer)
      : cloneError(this.pool, name, context, 'context', error);
  }

  #messageFor(task: EngineTask, args: unknown[]): PackedTasks | TaskMessage {
    const buffers = findBuffers(args);
    const extras = extrasOf(task);
    if (buffers || extras || task.signalArgs.length > 0) {
      const signals = task.signalArgs.length > 0 ? task.signalArgs : null;
      return { slot: task.slot, name: this.#names.get(task.name)!, args, signals, buffers, extras };
    }
    const pack = emptyPack();
    this.#pack(pack, task, args);
    return pack.message;
  }

  #pack({ message, tasks, transfer }: Pack, task: EngineTask, args: readonly unknown[]): void {
    message.push(task.slot, this.#names.get(task.name), args.length);
    for (const arg of args) message.push(arg);
    tasks.push(task);
    if (task.transfer) transfer.push(...task.transfer);
  }

  #post(
    message: PackedTasks | TaskMessage,
    tasks: readonly EngineTask[],
    transfer: readonly Transferable[] | undefined,
  ): void {
    const prepared = performance.now();
    this.port.postMessage(message, transfer);
    this.#posted++;
    const posted = performance.now();
    const [sendMs, cloneMs] = [(prepared - this.#begun) / tasks.length, (posted - prepared) / tasks.length];
    this.#begun = posted;
    this.table.ring();
    for (const { slot } of tasks) {
      this.book.sendMs[slot] = sendMs;
      this.book.cloneMs[slot] = cloneMs;
      this.book.message[slot] = this.#posted;
    }
  }
}

function emptyPack(): Pack {
  return { message: [], tasks: [], transfer: [] };
}

/** `null` where there is nothing to tell. */
function extrasOf({ attempt, context, answer }: EngineTask): TaskExtras | null {
  return attempt === 1 && context === undefined && answer === 'value' ? null : { attempt, context, answer };
}

/** Whether the task can share a message with others: objects in one message would be shared by their tasks. */
function sharesNothing({ args, transfer }: EngineTask): boolean {
  if (!transfer || transfer.length === 0) return args.every(isPrimitive);
  return (
    args.every((arg) => isPrimitive(arg) || transfer.includes(arg as Transferable)) &&
    transfer.every((moved) => moved instanceof ArrayBuffer)
  );
}
