import { STREAM_CREDITS } from '../engine.js';
import { PoolError } from '../errors.js';
import type { BatchPort } from './batch-port.js';
import type { ItemReader, Task, TaskRequest } from './task.js';

/** Credits go back so many at a time: one message for half of what the worker may be ahead. */
const GRANT = STREAM_CREDITS / 2;

interface Waiting<R> {
  resolve(result: IteratorResult<R, undefined>): void;
  reject(reason: unknown): void;
}

/** Hears how a call turns out of which it is not known whether it streams. */
export interface TurnsOut {
  streams(): void;
  value(value: unknown): void;
  fails(error: unknown): void;
}

/**
 * One call that streams, and whoever reads it.
 *
 * `new` → (`next()`) `open` → `ended`: its task was answered, items may be left to read → `over`: they were read, or the
 * reader left, or somebody aborted.
 */
export class StreamRun<R> implements AsyncIterableIterator<R, undefined>, ItemReader {
  #state: 'new' | 'open' | 'ended' | 'over' = 'new';
  #items: R[] = [];
  #next = 0;
  /** Items that were read and for which the worker has got no credit back. */
  #owed = 0;
  #task: Task | null = null;
  #failure: { readonly error: unknown } | null = null;
  #hasOpened: boolean;
  readonly #readers: Waiting<R>[] = [];

  /** `turnsOut` is told of a call that may also return a value. */
  constructor(
    readonly port: BatchPort,
    readonly request: TaskRequest,
    /** Cancels the call; the request knows its signal. */
    readonly leaving: AbortController,
    readonly turnsOut: TurnsOut | null = null,
  ) {
    this.#hasOpened = turnsOut === null;
  }

  get answer(): ItemReader['answer'] {
    return this.turnsOut ? 'either' : 'stream';
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<R, undefined>> {
    if (this.#state === 'new') this.open();
    else this.#heedAbort();
    if (this.#readers.length === 0 && this.#next < this.#items.length) {
      return Promise.resolve({ done: false, value: this.#take() });
    }
    return new Promise((resolve, reject) => {
      this.#readers.push({ resolve, reject });
      this.#answer();
    });
  }

  async return(): Promise<IteratorResult<R, undefined>> {
    const mustCancel = this.#state === 'open';
    this.#finish(null);
    if (mustCancel) this.leaving.abort(this.#leftError());
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<R, undefined>> {
    await this.return();
    throw error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  /** Calls the task. */
  open(): void {
    this.#state = 'open';
    this.port.submit({ ...this.request, reader: this }, false).then(
      (value) => this.#completed(value),
      (error: unknown) => this.#failed(error),
    );
  }

  opened(): void {
    this.#hasOpened = true;
    this.turnsOut?.streams();
  }

  item(task: Task, value: unknown): void {
    if (this.#state !== 'open') return;
    this.#task = task;
    this.#items.push(value as R);
    if (this.#readers.length > 0) this.#answer();
  }

  #completed(value: unknown): void {
    if (!this.#hasOpened) this.turnsOut!.value(value);
    if (this.#state !== 'open') return;
    this.#state = 'ended';
    if (!this.#hasOpened) this.#failure = { error: this.#valueError() };
    this.#answer();
  }

  #failed(error: unknown): void {
    if (!this.#hasOpened) this.turnsOut!.fails(error);
    if (this.#state !== 'open') return;
    this.#state = 'ended';
    this.#failure = { error };
    this.#heedAbort();
    this.#answer();
  }

  /** Who aborts waits for nothing any more; other ends come after the items that came before them. */
  #heedAbort(): void {
    if (this.#state === 'over') return;
    for (const { aborted, reason } of this.request.settings.signals) {
      if (aborted) return this.#finish({ error: reason });
    }
  }

  /** Gives readers what there is for them. */
  #answer(): void {
    while (this.#readers.length > 0 && this.#next < this.#items.length) {
      this.#readers.shift()!.resolve({ done: false, value: this.#take() });
    }
    if (this.#readers.length === 0 || this.#state === 'open') return;
    this.#finish(this.#failure);
  }

  #take(): R {
    const item = this.#items[this.#next]!;
    this.#next++;
    if (this.#next === this.#items.length) {
      this.#items.length = 0;
      this.#next = 0;
    }
    if (++this.#owed === GRANT && this.#state === 'open') {
      this.#owed = 0;
      this.#task!.credit(GRANT);
    }
    return item;
  }

  /** Nothing is left to read. The first reader hears of a failure, if there is one; the others, and later ones, of the end. */
  #finish(failure: { readonly error: unknown } | null): void {
    this.#state = 'over';
    this.#items.length = this.#next = 0;
    this.#failure = this.#readers.length > 0 ? null : failure;
    for (const [index, { resolve, reject }] of this.#readers.splice(0).entries()) {
      if (failure && index === 0) reject(failure.error);
      else resolve({ done: true, value: undefined });
    }
  }

  #leftError(): PoolError {
    const { pool } = this.port;
    const message = `pool '${pool}': whoever read the stream of '${this.request.name}' has left.`;
    return new PoolError('STREAM_LEFT', message, { pool });
  }

  #valueError(): PoolError {
    const { pool } = this.port;
    const message = `pool '${pool}': '${this.request.name}' returned one value and no stream. Await it.`;
    return new PoolError('NO_STREAM', message, { pool });
  }
}
