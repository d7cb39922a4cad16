import { show } from '../validate.js';
import type { PoolEventListener, PoolEventMap, PoolEventName } from '../contract/events.js';

type Listener = (event: never) => void;

/** Typed events. A listener that throws harms neither the pool nor the other listeners: it becomes a process warning. */
export class EventHub {
  readonly #listeners = new Map<PoolEventName, ReadonlySet<Listener>>();

  constructor(readonly pool: string) {}

  on<E extends PoolEventName>(event: E, listener: PoolEventListener<E>): void {
    this.#listeners.set(event, new Set([...(this.#listeners.get(event) ?? []), listener as Listener]));
  }

  off<E extends PoolEventName>(event: E, listener: PoolEventListener<E>): void {
    const rest = new Set(this.#listeners.get(event));
    rest.delete(listener as Listener);
    if (rest.size > 0) this.#listeners.set(event, rest);
    else this.#listeners.delete(event);
  }

  /** Payloads are built by the caller only where somebody listens. */
  has(event: PoolEventName): boolean {
    return this.#listeners.has(event);
  }

  emit<E extends PoolEventName>(event: E, payload: PoolEventMap[E]): void {
    for (const listener of this.#listeners.get(event) ?? [])
      this.tell(event, listener as PoolEventListener<E>, payload);
  }

  /** Calls one listener, of an event or of a call. */
  tell<P>(what: string, listener: (payload: P) => unknown, payload: P): void {
    try {
      const returned = listener(payload);
      if (returned instanceof Promise) returned.catch((error: unknown) => this.#warn(what, error));
    } catch (error) {
      this.#warn(what, error);
    }
  }

  #warn(event: string, error: unknown): void {
    const told = error instanceof Error ? (error.stack ?? error.message) : show(error);
    process.emitWarning(`pool '${this.pool}': a listener of '${event}' threw: ${told}`, 'DynamicPoolWarning');
  }
}
