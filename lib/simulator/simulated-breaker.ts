import type { BreakerState, CircuitBreaker } from '../core/scaling/signals/breaker-signal.js';
import { CounterWindow } from '../core/scaling/signals/counter-window.js';

/** When a simulated circuit breaker opens. A task is bad that fails, or that takes longer than `slowMs`. */
export interface BreakerOptions {
  /** Share of bad tasks that opens it, above 0 and up to 1. Default 0.5. */
  readonly badShare?: number;
  /** Service time from which a task is bad, milliseconds. Default: none. */
  readonly slowMs?: number;
  /** Time over which the share is taken, milliseconds. Default 10,000. */
  readonly windowMs?: number;
  /** Tasks that must have ended in the window before it opens. Default 10. */
  readonly leastTasks?: number;
  /** Time it stays open before it tries again, milliseconds. Default 30,000. */
  readonly openMs?: number;
}

/**
 * A circuit breaker in front of what the tasks call, as far as scaling sees it: it watches how tasks end and tells its
 * state. The tasks themselves go on as before, so that what is judged is the policy and not the breaker.
 *
 * `closed` → `open` (too many bad) → `half-open` (after `openMs`) → `closed` or `open`, as the next task ends.
 */
export class SimulatedBreaker implements CircuitBreaker {
  #window: CounterWindow;
  #ended = 0;
  #bad = 0;
  #openedAt: number | null = null;

  constructor(
    readonly options: Required<BreakerOptions>,
    readonly now: () => number,
  ) {
    this.#window = this.#newWindow();
  }

  get state(): BreakerState {
    if (this.#openedAt === null) return 'closed';
    return this.now() - this.#openedAt < this.options.openMs ? 'open' : 'half-open';
  }

  /** A task has ended. */
  ended(serviceMs: number, hasFailed: boolean): void {
    const { state } = this;
    if (state === 'open') return;
    const isBad = hasFailed || serviceMs > this.options.slowMs;
    if (state === 'half-open') return this.#decide(isBad);
    this.#ended++;
    if (isBad) this.#bad++;
    this.#window.add(this.now(), this.#ended, this.#bad);
    const [ended, bad] = [this.#window.added(0), this.#window.added(1)];
    if (ended >= this.options.leastTasks && bad >= this.options.badShare * ended) this.#openedAt = this.now();
  }

  #decide(isBad: boolean): void {
    this.#openedAt = isBad ? this.now() : null;
    this.#ended = this.#bad = 0;
    this.#window = this.#newWindow();
  }

  /** Counts from nothing. */
  #newWindow(): CounterWindow {
    const window = new CounterWindow(this.options.windowMs, 2);
    window.add(this.now(), 0, 0);
    return window;
  }
}
