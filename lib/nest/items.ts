import type { ValueOrStream } from '../core/pool/value-or-stream.js';
import type { MethodAnswer, Observer } from './method-answer.js';

type Items = AsyncIterable<unknown>;

/** An async generator over the items of a stream: nothing happens, and nothing throws, before its first `next()`. */
export function generatorOver(open: () => Items): AsyncIterableIterator<unknown> {
  try {
    return open()[Symbol.asyncIterator]() as AsyncIterableIterator<unknown>;
  } catch (error) {
    return failing(error);
  }
}

/** What callers of a method get where the call cannot even be made: the error, where they would get the answer. */
export function failingAnswer(answer: MethodAnswer | undefined, error: unknown): unknown {
  switch (answer?.kind) {
    case 'generator':
      return failing(error);
    case 'observable':
      return new answer.class((subscriber) => {
        subscriber.error(error);
        return () => undefined;
      });
    default: {
      const rejection = Promise.reject(error as Error);
      return Object.assign(rejection, {
        [Symbol.asyncIterator]() {
          rejection.catch(() => undefined);
          return failing(error);
        },
      });
    }
  }
}

// eslint-disable-next-line require-yield -- it fails instead
async function* failing(error: unknown): AsyncGenerator<never> {
  throw error;
}

/** Pushes the items of a stream as they come; returns how to stop that. */
export function pushItems(items: Items, observer: Observer): () => void {
  const iterator = items[Symbol.asyncIterator]();
  let isOver = false;
  const push = async () => {
    for (;;) {
      const { done, value } = await iterator.next();
      if (isOver) return;
      if (done) break;
      observer.next(value);
    }
    isOver = true;
    observer.complete();
  };
  const stop = () => {
    if (isOver) return;
    isOver = true;
    void iterator.return?.();
  };
  push().catch((error: unknown) => {
    if (isOver) return;
    // It may be the observer's own, in the middle of the items.
    stop();
    observer.error(error);
  });
  return stop;
}

/** Lets libraries for Observables take it for one: else rxjs takes it for a promise, and gives away the items unread. */
export function observableAsWell(answer: ValueOrStream<unknown>): ValueOrStream<unknown> {
  const observable = {
    subscribe(observer: Observer) {
      const stop = pushItems(valueOrItems(answer), observer);
      return { unsubscribe: stop };
    },
  };
  return Object.assign(answer, { '@@observable': () => observable, ...observable });
}

async function* valueOrItems(answer: ValueOrStream<unknown>): AsyncGenerator<unknown> {
  const value = await answer;
  if (isItems(value)) yield* value;
  else yield value;
}

/** The pool resolves with nothing else that could be iterated: what it copies has lost its methods. */
function isItems(value: unknown): value is Items {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
