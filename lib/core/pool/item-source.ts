import { types } from 'node:util';

/**
 * The items of a map, pulled one at a time.
 *
 * `open` → `over`: it ended, or threw, or was closed. Only an open source has its `return()` called, as `for await` has it.
 */
export class ItemSource<T> {
  readonly #pull: () => IteratorResult<T> | Promise<IteratorResult<T>>;
  readonly #return: () => unknown;
  #isOver = false;
  /** Whether an async `next()` has yet to answer: a generator's `return()` then waits for it, perhaps for ever. */
  #isBusy = false;
  /** Whether a sync `next()` has yet to return: a generator cannot be closed from within. */
  #isInside = false;
  #mustClose = false;

  constructor(items: Iterable<T> | AsyncIterable<T>) {
    if (Symbol.asyncIterator in Object(items)) {
      const iterator = (items as AsyncIterable<T>)[Symbol.asyncIterator]();
      this.#pull = () => this.#pullAsync(iterator);
      this.#return = () => iterator.return?.();
    } else {
      const iterator = (items as Iterable<T>)[Symbol.iterator]();
      this.#pull = () => this.#pullSync(iterator);
      this.#return = () => iterator.return?.();
    }
  }

  /** The next item: at once where it is there. Throws or rejects as the source does. */
  pull(): IteratorResult<T> | Promise<IteratorResult<T>> {
    return this.#pull();
  }

  /** Resolves when the source has cleaned up, or at once where that may take for ever. Rejects as its `return()` does. */
  close(): Promise<void> {
    if (this.#isInside) this.#mustClose = true;
    if (this.#isInside || this.#isOver) return Promise.resolve();
    this.#isOver = true;
    const closed = this.#close();
    if (!this.#isBusy) return closed;
    closed.catch(() => undefined);
    return Promise.resolve();
  }

  async #close(): Promise<void> {
    await this.#return();
  }

  async #pullAsync(iterator: AsyncIterator<T>): Promise<IteratorResult<T>> {
    this.#isBusy = true;
    try {
      const pulled = await iterator.next();
      if (pulled.done) this.#isOver = true;
      return pulled;
    } catch (error) {
      this.#isOver = true;
      throw error;
    } finally {
      this.#isBusy = false;
    }
  }

  #pullSync(iterator: Iterator<T>): IteratorResult<T> | Promise<IteratorResult<T>> {
    this.#isInside = true;
    try {
      const pulled = iterator.next();
      if (pulled.done) this.#isOver = true;
      // As `for await` does with an array of promises.
      else if (types.isPromise(pulled.value)) return awaited<T>(pulled.value as Promise<T>);
      return pulled;
    } catch (error) {
      this.#isOver = true;
      throw error;
    } finally {
      this.#isInside = false;
      if (this.#mustClose) this.close().catch(() => undefined);
    }
  }
}

async function awaited<T>(value: Promise<T>): Promise<IteratorResult<T>> {
  return { done: false, value: await value };
}
