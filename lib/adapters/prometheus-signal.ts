import { systemClock, type Clock, type Timer } from '../core/clock.js';
import type { Signal, SignalValue } from '../core/scaling/contract.js';
import type { PrometheusSpec } from '../core/scaling/signals/signal-spec.js';
import type { SignalType } from '../core/scaling/signals/signal-types.js';
import type { Place } from '../core/validate.js';
import { checkQuery, type PrometheusQuery } from './prometheus-options.js';
import { numberIn, readBody } from './prometheus-response.js';

/**
 * A Prometheus query as a signal. It asks by a timer of its own, which holds no process open, from the first read on, one
 * query at a time. A read gives the last good value and the time when it was asked for, so that it goes stale while the
 * server fails or hangs. `lastError` tells why; nothing is thrown.
 *
 * idle ─ first read → asking ⇄ waiting ─ close() → closed
 */
export class PrometheusSignal implements Signal {
  readonly #query: PrometheusQuery;
  readonly #clock: Clock;
  #state: 'idle' | 'running' | 'closed' = 'idle';
  #timer: Timer | null = null;
  /** Gives up the query that is under way. */
  #giveUp: AbortController | null = null;
  #last: SignalValue | null = null;
  #lastError: Error | null = null;

  /** Throws a `PoolConfigError` for an option that is not what it must be. */
  constructor(
    options: Omit<PrometheusSpec, 'type'>,
    clock: Clock = systemClock,
    place: (field: string) => Place = (field) => ({ option: `prometheus.${field}` }),
  ) {
    this.#query = checkQuery({ ...options }, place);
    this.#clock = clock;
  }

  get staleAfterMs(): number {
    return this.#query.staleAfterMs;
  }

  /** Why the last query failed; `null` if it did not. */
  get lastError(): Error | null {
    return this.#lastError;
  }

  read(): SignalValue | null {
    if (this.#state === 'idle') {
      this.#state = 'running';
      this.#askIn(0);
    }
    return this.#last;
  }

  /** Stops asking, and gives up a query that is under way. */
  close(): void {
    this.#state = 'closed';
    this.#timer?.cancel();
    this.#giveUp?.abort(new Error('the signal was closed'));
  }

  #askIn(ms: number): void {
    this.#timer = this.#clock.schedule(ms, () => void this.#ask());
  }

  async #ask(): Promise<void> {
    const at = this.#clock.now();
    try {
      this.#last = { value: await this.#fetch(), at };
      this.#lastError = null;
    } catch (error) {
      this.#lastError = error instanceof Error ? error : new Error(String(error));
    }
    if (this.#state === 'running') this.#askIn(this.#query.intervalMs);
  }

  /** The time-out covers the body too. */
  async #fetch(): Promise<number> {
    const { url, headers, timeoutMs } = this.#query;
    const giveUp = new AbortController();
    const timer = this.#clock.schedule(timeoutMs, () => giveUp.abort(new Error(`no answer within ${timeoutMs} ms`)));
    this.#giveUp = giveUp;
    try {
      const response = await fetch(url, { signal: giveUp.signal, headers: { accept: 'application/json', ...headers } });
      return numberIn(response.status, await readBody(response));
    } finally {
      timer.cancel();
      this.#giveUp = null;
    }
  }
}

/** The type `prometheus` for `buildSignal`: `types: { prometheus: prometheusType }`. */
export const prometheusType: SignalType = {
  fields: ['url', 'query', 'intervalMs', 'timeoutMs', 'staleAfterMs', 'headers'],
  build: ({ fields, place }) =>
    new PrometheusSignal(fields as unknown as Omit<PrometheusSpec, 'type'>, systemClock, place),
};
