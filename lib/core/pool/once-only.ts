import type { PoolError } from '../errors.js';

/** What yields items, to one loop; a second one is thrown what `used` makes. */
export function onceOnly<R>(items: AsyncIterableIterator<R, undefined>, used: () => PoolError): AsyncIterable<R> {
  let isUsed = false;
  return {
    [Symbol.asyncIterator]() {
      if (isUsed) throw used();
      isUsed = true;
      return items;
    },
  };
}
