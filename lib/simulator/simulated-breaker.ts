import type { BreakerState, CircuitBreaker } from '../core/scaling/signals/breaker-signal.js';
import type { ResolvedBreaker } from './breaker-options.js';
import { OutcomeWindow } from './outcome-window.js';
import type { BreakerChange } from './simulation-result.js';

/**
 * A circuit breaker between the tasks and what they call. It watches how tasks end and tells its state; only with
 * `whenOpen` it also stands in their way, as opossum does.
 *
 * `closed` → `open` (too many bad) → `half-open` (after `openMs`) → `closed` or `open`, as the next task ends. In the way
 * of the tasks it lets one through while it is half-open, and that one decides.
 */
export class SimulatedBreaker implements CircuitBreaker {
  readonly #changes: BreakerChange[] = [{ at: 0, state: 'closed' }];
  readonly #refused = new Set<number>();
  readonly #cut = new Set<number>();
  #window: OutcomeWindow;
  #openedAt: number | null = null;
  /** The task that was let through while half-open. */
  #trial: number | null = null;

  constructor(
    readonly options: ResolvedBreaker,
    readonly now: () => number,
  ) {
    this.#window = new OutcomeWindow(options.windowMs);
  }

  get state(): BreakerState {
    if (this.#openedAt === null) return 'closed';
    return this.now() - this.#openedAt < this.options.openMs ? 'open' : 'half-open';
  }

  /** Its states up to a time, the first one included. */
  changes(until: number): readonly BreakerChange[] {
    const halfOpenAt = this.#openedAt === null ? Infinity : this.#openedAt + this.options.openMs;
    return halfOpenAt > until ? [...this.#changes] : [...this.#changes, { at: halfOpenAt, state: 'half-open' }];
  }

  /** A task starts that would take so long; tells how long it does. */
  started(task: number, serviceMs: number): number {
    const { state, options } = this;
    if (options.whenOpen === null) return serviceMs;
    const isTrial = state === 'half-open' && this.#trial === null;
    if (state !== 'closed' && !isTrial) {
      this.#refused.add(task);
      return options.whenOpen.takesMs;
    }
    if (isTrial) this.#trial = task;
    if (serviceMs <= options.slowMs) return serviceMs;
    this.#cut.add(task);
    return options.slowMs;
  }

  /** A task has ended; tells whether it has failed, be it by itself or by the breaker. */
  ended(task: number, serviceMs: number, hasFailed: boolean): boolean {
    if (this.#refused.delete(task)) return this.options.whenOpen!.fails;
    const fails = this.#cut.delete(task) || hasFailed;
    this.#judge(task, fails || serviceMs > this.options.slowMs);
    return fails;
  }

  #judge(task: number, isBad: boolean): void {
    const { state, options } = this;
    if (state === 'open') return;
    if (state === 'half-open') {
      if (options.whenOpen === null || task === this.#trial) this.#decide(isBad);
      return;
    }
    this.#window.add(this.now(), isBad);
    const { ended, bad } = this.#window.read(this.now());
    if (ended >= options.leastTasks && bad >= options.badShare * ended) this.#become('open');
  }

  #decide(isBad: boolean): void {
    this.#changes.push({ at: this.#openedAt! + this.options.openMs, state: 'half-open' });
    this.#become(isBad ? 'open' : 'closed');
    this.#trial = null;
    this.#window = new OutcomeWindow(this.options.windowMs);
  }

  #become(state: 'open' | 'closed'): void {
    const at = this.now();
    this.#openedAt = state === 'open' ? at : null;
    this.#changes.push({ at, state });
  }
}
