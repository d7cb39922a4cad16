import { types } from 'node:util';
import type { Draining } from './drain.js';
import type { StreamSource } from './stream-source.js';

type Pulled = IteratorResult<unknown> | Promise<IteratorResult<unknown>>;

/**
 * Pulls items as there is credit for them: a source that is not read is not asked. Once the gate is closed the source is left
 * at once (`return()`, so that a generator's `finally` runs), and the end waits for that; a `next()` that is under way is
 * not waited for, unless the source does so itself, as generators do.
 */
export function drainIterable(
  { from, kind }: Extract<StreamSource, { kind: 'sync' | 'async' }>,
  { gate, outlet }: Draining,
  put: (item: unknown) => void,
): Promise<void> {
  const iterator = kind === 'async' ? from[Symbol.asyncIterator]() : from[Symbol.iterator]();
  const awaitsItems = kind === 'sync';
  /** A sync generator cannot be left from within its own `next()`. */
  let isInside = false;
  let left: Promise<unknown> | null = null;
  const leave = () => (left ??= leaveOf(iterator));
  let wake: (() => void) | null = null;
  gate.onGrant = () => wake?.();

  async function pull(): Promise<void> {
    while (!gate.isClosed) {
      if (gate.credit === 0) {
        await new Promise<void>((resolve) => (wake = resolve));
        wake = null;
        outlet.resumed?.();
        continue;
      }
      isInside = true;
      let pulled: Pulled;
      try {
        pulled = iterator.next() as Pulled;
      } finally {
        isInside = false;
      }
      const { done, value } = isPlainResult(pulled) ? pulled : await pulled;
      if (done) return;
      const item = awaitsItems && types.isPromise(value) ? await orLeave(value) : value;
      if (gate.isClosed) break;
      gate.credit--;
      try {
        put(item);
      } catch (error) {
        await leave();
        throw error;
      }
    }
    await leave();
    throw gate.reason;
  }

  /** As `for await` does, which leaves a sync source whose promise rejects. */
  async function orLeave(value: Promise<unknown>): Promise<unknown> {
    try {
      return await value;
    } catch (error) {
      await leave();
      throw error;
    }
  }

  return new Promise((resolve, reject) => {
    gate.onClose = () => {
      wake?.();
      if (!isInside) void leave().then(() => reject(gate.reason));
    };
    pull().then(resolve, reject);
  });
}

/** Never rejects: whoever leaves has another reason already. */
async function leaveOf(iterator: AsyncIterator<unknown> | Iterator<unknown>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // What cleaning up throws as well is no news.
  }
}

function isPlainResult(pulled: Pulled): pulled is IteratorResult<unknown> {
  return typeof (pulled as Partial<Promise<unknown>>).then !== 'function';
}
