import { PoolError } from '../../core/errors.js';
import type { Draining } from './drain.js';
import type { Subscribable, Subscriber } from './stream-source.js';

/** Items of an Observable that may wait for credit, where it cannot be made to wait itself. */
const MOST_WAITING = 1_024;

type End = { readonly ok: true } | { readonly ok: false; readonly error: unknown };

/**
 * Subscribes, and passes on what is pushed as there is credit for it. An Observable cannot be asked to wait: where a thread
 * may be stopped its `next()` returns when there is credit, so that a synchronous one goes no faster than it is read;
 * elsewhere what it pushes is kept, up to 1,024 items. Once the gate is closed it is unsubscribed from.
 */
export function drainObservable(source: Subscribable, draining: Draining, put: (item: unknown) => void): Promise<void> {
  const { gate, block } = draining;
  const waiting: unknown[] = [];
  let end: End | null = null;
  let isSending = false;

  return new Promise((resolve, reject) => {
    const finish = (by: End) => {
      // In this order: what unsubscribing sets off is no news any more.
      if (by.ok) resolve();
      else reject(by.error);
      subscription.unsubscribe();
    };
    const fail = (error: unknown) => finish({ ok: false, error });

    const send = (item: unknown) => {
      gate.credit--;
      try {
        put(item);
      } catch (error) {
        fail(error);
      }
    };

    /** Sends what waits; a reader that grants more meanwhile is served by the same loop. */
    const sendWaiting = () => {
      if (isSending) return;
      isSending = true;
      while (waiting.length > 0 && gate.credit > 0 && !subscription.closed) send(waiting.shift());
      isSending = false;
      if (end && waiting.length === 0 && !subscription.closed) finish(end);
    };

    const subscription = new Subscription({
      next(item) {
        if (gate.credit === 0 && block) block(gate);
        if (subscription.closed) return;
        if (gate.credit > 0 && waiting.length === 0) send(item);
        else if (waiting.length < MOST_WAITING) waiting.push(item);
        else fail(overflow(draining));
      },
      end(by) {
        end = by;
        sendWaiting();
      },
    });

    gate.onGrant = sendWaiting;
    gate.onClose = () => fail(gate.reason);
    if (gate.isClosed) return gate.onClose();
    try {
      subscription.add(source.subscribe(subscription));
    } catch (error) {
      subscription.error(error);
    }
  });
}

/**
 * Our end of a subscription. It is one of those that rxjs uses as they are, so that a synchronous source sees `closed`
 * in the middle of its loop; others take it for an observer.
 *
 * `open` → `ended` (the source said so) → `closed`; `open` → `closed`.
 */
class Subscription implements Subscriber {
  closed = false;
  #hasEnded = false;
  readonly #teardowns = new Set<unknown>();

  constructor(readonly to: { next(item: unknown): void; end(by: End): void }) {}

  // Observables call these without a receiver.
  readonly next = (item: unknown): void => {
    if (!this.closed && !this.#hasEnded) this.to.next(item);
  };

  readonly error = (error: unknown): void => this.#end({ ok: false, error });

  readonly complete = (): void => this.#end({ ok: true });

  add(teardown: unknown): void {
    if (teardown === this || teardown === undefined || teardown === null) return;
    if (this.closed) tearDown(teardown);
    else this.#teardowns.add(teardown);
  }

  remove(teardown: unknown): void {
    this.#teardowns.delete(teardown);
  }

  unsubscribe(): void {
    if (this.closed) return;
    this.closed = true;
    for (const teardown of this.#teardowns) tearDown(teardown);
    this.#teardowns.clear();
  }

  #end(by: End): void {
    if (this.closed || this.#hasEnded) return;
    this.#hasEnded = true;
    this.to.end(by);
  }
}

/** What it throws is no news: the stream is over. */
function tearDown(teardown: unknown): void {
  try {
    if (typeof teardown === 'function') teardown();
    else (teardown as Partial<Subscriber>).unsubscribe?.();
  } catch {
    // As above.
  }
}

function overflow({ pool, task }: Draining): PoolError {
  return new PoolError(
    'STREAM_OVERFLOW',
    `pool '${pool}': the Observable of '${task}' pushed ${MOST_WAITING} items ahead of its reader, and cannot be made to wait here. Make the task an async generator, which waits to be asked; or run it in a thread pool with worker.concurrency 1.`,
    { pool },
  );
}
