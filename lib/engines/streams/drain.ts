import { PoolError } from '../../core/errors.js';
import type { CreditGate } from './credit-gate.js';
import { drainIterable } from './drain-iterable.js';
import { drainObservable } from './drain-observable.js';
import { preparationOf } from './each-item.js';
import { anyStreamOf, streamOf, type StreamSource } from './stream-source.js';

/** Where the items go. */
export interface ItemOutlet {
  /** Takes the next item away; there is credit for it. Throws what keeps it from going. */
  put(item: unknown): void;
  /** There was no credit for a while. */
  resumed?(): void;
}

/** Stops this thread until there is credit, or the gate is closed. */
export type Block = (gate: CreditGate) => void;

/** A stream under way. */
export interface Draining {
  readonly pool: string;
  readonly task: string;
  readonly answer: 'stream' | 'either';
  readonly gate: CreditGate;
  readonly outlet: ItemOutlet;
  /** Where an Observable may be made to wait; `null`: nowhere, what it pushes is kept, up to a bound. */
  readonly block: Block | null;
  /** What was returned streams. */
  opened(): unknown;
}

/**
 * What a streaming task returned, made into the task's own value: `undefined` at the end of its items, or, where that is
 * an answer as well, the value that it is. Awaits promises only, so that a value stays what it is.
 *
 * All of it happens in the async context of the caller: call it inside what surrounds the task, and each `next()` runs
 * there.
 * @throws (or rejects with) what the source throws, what keeps an item from going, `gate.reason`, or PoolError `NO_STREAM`,
 *   `STREAM_OVERFLOW`.
 */
export function answerWith(returned: unknown, draining: Draining): unknown {
  if (isPromise(returned)) return Promise.resolve(returned).then((value) => settle(value, draining));
  return settle(returned, draining);
}

function settle(returned: unknown, draining: Draining): unknown {
  const isStream = draining.answer === 'stream';
  const source = isStream ? anyStreamOf(returned) : streamOf(returned);
  if (source) {
    draining.opened();
    return drain(source, draining, preparationOf(source.from));
  }
  if (isStream) throw noStream(draining);
  return returned;
}

function drain(source: StreamSource, draining: Draining, prepare: ((item: unknown) => unknown) | null): Promise<void> {
  const { outlet } = draining;
  const put = prepare ? (item: unknown) => outlet.put(prepare(item)) : (item: unknown) => outlet.put(item);
  return source.kind === 'pushes' ? drainObservable(source.from, draining, put) : drainIterable(source, draining, put);
}

function noStream({ pool, task }: Draining): PoolError {
  return new PoolError(
    'NO_STREAM',
    `pool '${pool}': '${task}' was called as a stream and returned none. Make it an async generator (or return an async iterable, an Observable or an array), or call it with run().`,
    { pool },
  );
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === 'function';
}
