import type { RunOptions } from '../../core/contract/run-options.js';
import type { ManagedPool } from '../../core/pool/managed-pool.js';

/** A call that a pool was asked for, whatever became of it. */
export interface RecordedCall {
  readonly task: string;
  /** The caller's own objects. What was transferred is empty by now. */
  readonly args: readonly unknown[];
  /** `undefined` where none were given, for items of `map()`, and for `broadcast()`. */
  readonly options: RunOptions | undefined;
}

/**
 * Keeps the calls of a pool from now on, in the order in which they were asked for: those of `run()`, `stream()`, of groups
 * and of `broadcast()`, and the items of maps as they are read.
 */
export function recordCalls(pool: ManagedPool): RecordedCall[] {
  const calls: RecordedCall[] = [];
  const note = (task: string, args: readonly unknown[] = [], options?: RunOptions) =>
    void calls.push({ task, args, options });
  const [run, stream, call] = [pool.run.bind(pool), pool.stream.bind(pool), pool.call.bind(pool)];
  const [map, group, broadcast] = [pool.map.bind(pool), pool.group.bind(pool), pool.broadcast.bind(pool)];
  Object.assign(pool, {
    run(task, args, options) {
      note(task, args, options);
      return run(task, args, options);
    },
    stream(task, args, options) {
      note(task, args, options);
      return stream(task, args, options);
    },
    call(task, args, optionsOf) {
      let made = false;
      return call(task, args, () => {
        const options = optionsOf();
        if (!made) note(task, args, options);
        made = true;
        return options;
      });
    },
    map(task, items, options) {
      return map(
        task,
        noting(items, (item) => note(task, [item])),
        options,
      );
    },
    broadcast(task, args, options) {
      note(task, args);
      return broadcast(task, args, options);
    },
    group(options) {
      const members = group(options);
      return {
        run(task, args, settings) {
          note(task, args, settings);
          return members.run(task, args, settings);
        },
        wait: () => members.wait(),
      };
    },
  } satisfies Pick<ManagedPool, 'run' | 'stream' | 'call' | 'map' | 'group' | 'broadcast'>);
  return calls;
}

/** The same items, each noted as it is read. What cannot be iterated is for the pool to refuse. */
function noting<T>(items: Iterable<T> | AsyncIterable<T>, note: (item: T) => void): typeof items {
  const source = items as Partial<Iterable<T> & AsyncIterable<T>> | null;
  if (typeof source?.[Symbol.asyncIterator] === 'function') return notingAsync(items as AsyncIterable<T>, note);
  return typeof source?.[Symbol.iterator] === 'function' ? notingSync(items as Iterable<T>, note) : items;
}

function* notingSync<T>(items: Iterable<T>, note: (item: T) => void): Generator<T> {
  for (const item of items) {
    note(item);
    yield item;
  }
}

async function* notingAsync<T>(items: AsyncIterable<T>, note: (item: T) => void): AsyncGenerator<T> {
  for await (const item of items) {
    note(item);
    yield item;
  }
}
