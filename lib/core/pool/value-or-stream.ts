import type { RunOptions } from '../contract/run-options.js';
import type { BatchPort } from './batch-port.js';
import { onceOnly } from './once-only.js';
import { streamUsedError } from './pool-errors.js';
import { StreamRun } from './stream-run.js';

/**
 * A call under way that returns a value or a stream: awaited, it gives the value, or what yields the items; iterated, or read
 * like a generator, it yields the items itself.
 */
export type ValueOrStream<R> = Promise<R | AsyncIterable<R>> & AsyncIterableIterator<R, undefined>;

/** `ManagedPool.call`. A failure before the first item rejects the promise, unless somebody iterates instead. */
export function valueOrStream<R>(
  port: BatchPort,
  task: string,
  args: readonly unknown[],
  options: () => RunOptions | undefined,
): ValueOrStream<R> {
  let items!: AsyncIterable<R>;
  const promise = new Promise<R | AsyncIterable<R>>((resolve, reject) => {
    try {
      const leaving = new AbortController();
      const request = port.check(leaving.signal, task, args, options());
      const run = new StreamRun<R>(port, request, leaving, {
        streams: () => resolve(items),
        value: (value) => resolve(value as R),
        fails: reject,
      });
      items = onceOnly(run, () => streamUsedError(port.pool, task));
      run.open();
    } catch (error) {
      items = failing(error);
      throw error;
    }
  });
  let reader: Required<AsyncIterator<R, undefined>> | null = null;
  const read = () => {
    if (reader) return reader;
    // Whoever reads hears of a failure there.
    promise.catch(() => undefined);
    reader = items[Symbol.asyncIterator]() as Required<AsyncIterator<R, undefined>>;
    return reader;
  };
  return Object.assign(promise, {
    [Symbol.asyncIterator]() {
      promise.catch(() => undefined);
      return items[Symbol.asyncIterator]() as AsyncIterableIterator<R, undefined>;
    },
    next: () => read().next(),
    return: () => read().return(),
    throw: (error: unknown) => read().throw(error),
  }) as ValueOrStream<R>;
}

function failing(error: unknown): AsyncIterable<never> {
  const fail = async () => {
    throw error;
  };
  return { [Symbol.asyncIterator]: () => ({ next: fail, return: fail, throw: fail }) };
}
