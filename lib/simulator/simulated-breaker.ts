import type { BreakerState, CircuitBreaker } from '../core/scaling/signals/breaker-signal.js';
import { OutcomeWindow } from './outcome-window.js';

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
  #window: OutcomeWindow;
  #openedAt: number | null = null;

  constructor(
    readonly options: Required<BreakerOptions>,
    readonly now: () => number,
  ) {
    this.#window = new OutcomeWindow(options.windowMs);
  }

  get state(): BreakerState {
    if (this.#openedAt === null) return 'closed';
    return this.now() - this.#openedAt < this.options.openMs ? 'open' : 'half-open';
  }

  /** A task has ended. */
  ended(serviceMs: number, hasFailed: boolean): void {
    const { state, options } = this;
    if (state === 'open') return;
    const isBad = hasFailed || serviceMs > options.slowMs;
    if (state === 'half-open') return this.#decide(isBad);
    this.#window.add(this.now(), isBad);
    const { ended, bad } = this.#window.read(this.now());
    if (ended >= options.leastTasks && bad >= options.badShare * ended) this.#openedAt = this.now();
  }

  #decide(isBad: boolean): void {
    this.#openedAt = isBad ? this.now() : null;
    this.#window = new OutcomeWindow(this.options.windowMs);
  }
}
