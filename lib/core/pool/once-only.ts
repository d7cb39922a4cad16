import { PoolError } from '../errors.js';

/** What yields the items of a stream, to one loop. */
export function onceOnly<R>(items: AsyncIterableIterator<R, undefined>, pool: string, task: string): AsyncIterable<R> {
  let isUsed = false;
  return {
    [Symbol.asyncIterator]() {
      if (isUsed) {
        const message = `pool '${pool}': the items of '${task}' were iterated before. Call it again.`;
        throw new PoolError('STREAM_USED', message, { pool });
      }
      isUsed = true;
      return items;
    },
  };
}
