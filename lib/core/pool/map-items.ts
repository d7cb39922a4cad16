import { setMaxListeners } from 'node:events';
import type { MapOptions } from '../contract/pool.js';
import { PoolError } from '../errors.js';
import { checkMap } from './batch-options.js';
import type { BatchPort } from './batch-port.js';
import { ItemSource } from './item-source.js';
import { onceOnly } from './once-only.js';
import { ResultLine, type Place } from './result-line.js';

/** Items that may be held beyond those that are with the pool. */
const READ_AHEAD = 16;

interface Reader<R> {
  resolve(result: IteratorResult<R, undefined>): void;
  reject(reason: unknown): void;
}

/**
 * `Pool.map`.
 * @throws PoolConfigError
 */
export function mapItems<T, R>(
  port: BatchPort,
  task: string,
  items: Iterable<T> | AsyncIterable<T>,
  options: MapOptions,
): AsyncIterable<R> {
  checkMap(port.pool, task, items, options);
  return onceOnly(new MapRun<T, R>(port, task, items, { ...options }), () => {
    const message = `pool '${port.pool}': the results of map('${task}') were iterated before. Call map() again, with a fresh source.`;
    return new PoolError('MAP_USED', message, { pool: port.pool });
  });
}

/**
 * One iteration over the results of a map.
 *
 * `new` → (`next()`) `open` → `over`: at the end of the items, by a failure, or since the reader left. Once over, what
 * tasks and source have still to say is not listened to.
 */
class MapRun<T, R> implements AsyncIterableIterator<R, undefined> {
  #state: 'new' | 'open' | 'over' = 'new';
  #source: ItemSource<T> | null = null;
  #isSourceDry = false;
  #isPulling = false;
  /** Tasks that have not settled. */
  #running = 0;
  /** Items that were pulled, or are being pulled, and are not done with. */
  #held = 0;
  /** Whether the reader has a result and has not asked for the next one. */
  #isRead = false;
  #failure: { readonly error: unknown } | null = null;
  #closed: Promise<void> = Promise.resolve();
  readonly #line: ResultLine<R>;
  readonly #readers: Reader<R>[] = [];
  readonly #controller = new AbortController();
  readonly #onAbort = () => this.#fail(this.options.signal!.reason, this.options.signal!.reason);

  constructor(
    readonly port: BatchPort,
    readonly task: string,
    readonly items: Iterable<T> | AsyncIterable<T>,
    readonly options: MapOptions,
  ) {
    this.#line = new ResultLine(options.ordered ?? true);
    // Each item that waits for room may listen.
    setMaxListeners(0, this.#controller.signal);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<R, undefined>> {
    return new Promise((resolve, reject) => {
      this.#readers.push({ resolve, reject });
      this.#letGo();
      if (this.#state === 'new') this.#open();
      this.#pump();
      this.#answer();
    });
  }

  async return(): Promise<IteratorResult<R, undefined>> {
    if (this.#state !== 'over') {
      this.#end();
      if (!this.#controller.signal.aborted) this.#controller.abort(this.#endedError('its reader left'));
    }
    this.#failure = null;
    this.#answer();
    await this.#closed;
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<R, undefined>> {
    await this.return();
    throw error;
  }

  #open(): void {
    this.#state = 'open';
    const { signal } = this.options;
    if (signal?.aborted) return this.#onAbort();
    signal?.addEventListener('abort', this.#onAbort);
    try {
      this.#source = new ItemSource(this.items);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Pulls and submits as much as may be held. */
  #pump(): void {
    while (this.#mayPull()) {
      this.#isPulling = true;
      this.#held++;
      try {
        const pulled = this.#source!.pull();
        if (pulled instanceof Promise) {
          void pulled.then(this.#onPulled, (error: unknown) => this.#fail(error));
          return;
        }
        this.#take(pulled);
      } catch (error) {
        this.#fail(error);
      }
    }
  }

  #mayPull(): boolean {
    if (this.#state !== 'open' || this.#isSourceDry || this.#isPulling) return false;
    const { concurrency = this.port.slots } = this.options;
    return this.#running < concurrency && this.#held < concurrency + READ_AHEAD;
  }

  readonly #onPulled = (pulled: IteratorResult<T>): void => {
    if (this.#state !== 'open') return;
    try {
      this.#take(pulled);
    } catch (error) {
      this.#fail(error);
    }
    this.#pump();
    this.#answer();
  };

  #take(pulled: IteratorResult<T>): void {
    this.#isPulling = false;
    // The source itself may have ended the map.
    if (this.#state !== 'open') return;
    if (pulled.done) {
      this.#isSourceDry = true;
      this.#held--;
      return;
    }
    const request = this.port.check(this.#controller.signal, this.task, [pulled.value]);
    const place = this.#line.reserve();
    this.#running++;
    this.port.submit<R>(request, true).then(
      (result) => this.#completed(place, result),
      (error: unknown) => this.#fail(error),
    );
  }

  #completed(place: Place<R>, result: R): void {
    if (this.#state !== 'open') return;
    this.#running--;
    this.#line.fill(place, result);
    this.#pump();
    this.#answer();
  }

  /** The reader is done with what it read before. */
  #letGo(): void {
    if (!this.#isRead) return;
    this.#isRead = false;
    this.#held--;
  }

  /** Gives readers what there is for them. */
  #answer(): void {
    while (this.#readers.length > 0) {
      const place = this.#state === 'open' ? this.#line.take() : null;
      if (place) {
        this.#isRead = true;
        this.#readers.shift()!.resolve({ done: false, value: place.result as R });
        if (this.#readers.length > 0) {
          this.#letGo();
          this.#pump();
        }
        continue;
      }
      if (this.#state === 'open' && this.#isSourceDry && this.#running === 0) this.#end();
      if (this.#state !== 'over') return;
      this.#answerAtEnd(this.#readers.shift()!);
    }
  }

  #answerAtEnd({ resolve, reject }: Reader<R>): void {
    const failure = this.#failure;
    this.#failure = null;
    const answer = () => (failure ? reject(failure.error) : resolve({ done: true, value: undefined }));
    // What cleaning up throws as well is no news.
    this.#closed.then(answer, answer);
  }

  /** Ends the map with an error; `reason` is what its tasks are told. */
  #fail(error: unknown, reason: unknown = this.#endedError('it failed', error)): void {
    if (this.#state === 'over') return;
    this.#failure = { error };
    this.#end();
    this.#controller.abort(reason);
    this.#answer();
  }

  #end(): void {
    this.#state = 'over';
    this.options.signal?.removeEventListener('abort', this.#onAbort);
    this.#line.clear();
    this.#closed = this.#source?.close() ?? Promise.resolve();
    // Whoever reads on may hear of it; nobody has to.
    this.#closed.catch(() => undefined);
  }

  #endedError(why: string, cause?: unknown): PoolError {
    const { pool } = this.port;
    const message = `pool '${pool}': map('${this.task}') has ended before this task, since ${why}.`;
    return new PoolError('MAP_ENDED', message, { pool, cause });
  }
}
