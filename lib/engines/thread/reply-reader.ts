import type { EngineTask, WorkerSink } from '../../core/engine.js';
import { TaskCloneError } from '../../core/errors.js';
import { markSlot, type ItemsMessage, type ProgressMessage, type ResultMessage, type TaskReply } from './protocol.js';
import { Claims, type SharedTable } from './shared-layout.js';
import { NONE, type SlotBook } from './slot-book.js';
import type { TaskEnds } from './task-ends.js';
import type { ThreadEngineOptions } from './thread-engine.js';
import { restoreBuffers } from './wire/buffers.js';
import { decodeError } from './wire/error-codec.js';

/** Where the replies of a thread lead. */
export interface ReplyParts {
  readonly engine: ThreadEngineOptions;
  readonly table: SharedTable;
  readonly book: SlotBook;
  readonly ends: TaskEnds;
  readonly sink: WorkerSink;
}

/** What a thread says of its tasks in messages. */
export class ReplyReader {
  readonly #parts: ReplyParts;
  /** Messages read of those that the thread numbers: results, items and reports. */
  #read = 0;

  constructor(parts: ReplyParts) {
    this.#parts = parts;
  }

  receive(reply: TaskReply): void {
    if (Array.isArray(reply)) {
      return reply[0] < 0 ? this.#onItems(reply as ItemsMessage) : this.#onResult(reply as ResultMessage);
    }
    const { sink, ends, book } = this.#parts;
    switch (reply.kind) {
      case 'opened':
        return this.#tell(reply.slot, (task) => sink.opened(task));
      case 'progress':
        return this.#onProgress(reply);
      case 'started': {
        const task = book.taskIn(reply.slot);
        return task ? sink.started(task) : undefined;
      }
      case 'error':
        return ends.end(reply.slot, false, decodeError(reply.error, this.#parts.engine.errorClasses));
      case 'unreadable':
        return this.#onUnreadableArguments(reply.message, decodeError(reply.error, this.#parts.engine.errorClasses));
    }
  }

  /** Messages tell whose they are; of one that cannot be deserialised only its number is known. */
  receiveUnreadable(cause: unknown): void {
    const { book, table, sink } = this.#parts;
    const number = ++this.#read | 0;
    const begun = this.#mayHavePosted();
    const ended = begun.find((slot) => table.claim(slot) === Claims.DONE && table.message(slot) === number);
    if (ended !== undefined) return this.#failUnreadable(ended, 'result', cause);
    // An item, then, or a report, without which a task can do; whose cannot be told where several tasks stream at once.
    const streams = begun.flatMap((slot) => book.taskIn(slot) ?? []).filter(({ answer }) => answer !== 'value');
    if (streams.length === 0) table.reportRead();
    for (const task of streams) sink.broken(task, this.#unreadable(task, 'items', cause));
  }

  /** Slots of the tasks whose messages are being read: one, where tasks are done in order. */
  #mayHavePosted(): number[] {
    const { book, table, ends } = this.#parts;
    const slots: number[] = [];
    for (let slot = book.first; slot !== NONE; slot = book.after(slot)) {
      const claim = table.claim(slot);
      if (claim !== Claims.STARTED && !(claim === Claims.DONE && table.isPosted(slot))) continue;
      slots.push(slot);
      if (ends.isInOrder) break;
    }
    return slots;
  }

  #onResult([slot, value, buffers]: ResultMessage): void {
    this.#read++;
    const values = [value];
    if (buffers) restoreBuffers(values, buffers);
    this.#parts.ends.end(slot, ...this.#revived(slot, values[0]));
  }

  #revived(slot: number, value: unknown): [ok: boolean, value: unknown] {
    const { reviveResult } = this.#parts.engine;
    const task = this.#parts.book.taskIn(slot);
    try {
      return [true, task && reviveResult ? reviveResult(task.name, value) : value];
    } catch (error) {
      return [false, error];
    }
  }

  #onItems(message: ItemsMessage): void {
    this.#read++;
    const [marked, buffers] = message;
    const items = message.slice(2);
    if (buffers) restoreBuffers(items, buffers);
    this.#tell(markSlot(marked), (task) => {
      for (const item of items) {
        this.#tellItem(task, item);
      }
    });
  }

  #tellItem(task: EngineTask, copy: unknown): void {
    const { reviveResult } = this.#parts.engine;
    let item = copy;
    if (reviveResult) {
      try {
        item = reviveResult(task.name, copy);
      } catch (error) {
        return this.#parts.sink.broken(task, error);
      }
    }
    this.#parts.sink.item(task, item);
  }

  #onProgress({ slot, value, buffers }: ProgressMessage): void {
    this.#read++;
    this.#parts.table.reportRead();
    const values = [value];
    if (buffers) restoreBuffers(values, buffers);
    this.#tell(slot, (task) => this.#parts.sink.progress(task, values[0]));
  }

  /** Tells of a task that has begun: the ends of those before it, and its beginning, first. */
  #tell(slot: number, tell: (task: EngineTask) => void): void {
    const { ends, book } = this.#parts;
    if (ends.isInOrder && book.first !== slot) {
      ends.collect();
      ends.report();
    }
    const task = book.taskIn(slot);
    if (task) tell(task);
  }

  #onUnreadableArguments(message: number, cause: unknown): void {
    const { book } = this.#parts;
    for (let slot = book.first; slot !== NONE; slot = book.after(slot)) {
      if (book.message[slot] === message) return this.#failUnreadable(slot, 'args', cause);
    }
  }

  #failUnreadable(slot: number, path: string, cause: unknown): void {
    const task = this.#parts.book.taskIn(slot);
    this.#parts.ends.fail(slot, task && this.#unreadable(task, path, cause));
  }

  #unreadable({ name: task }: EngineTask, path: string, cause: unknown): TaskCloneError {
    const { name: pool } = this.#parts.engine.pool;
    const message = `pool '${pool}', task '${task}': its ${path} could not be read on the other thread. Structured clone writes data deeper than it can read: if this is nested thousands of levels deep, send it flat.`;
    return new TaskCloneError(message, { pool, path, cause });
  }
}
