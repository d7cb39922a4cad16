import { setImmediate } from 'node:timers';
import type { Clock, Timer } from '../core/clock.js';
import { refusal } from '../core/validate.js';

interface Alarm {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** The real one: fake timers of a test runner may take its place later on. */
const atEndOfTurn = setImmediate;

/**
 * Time that stands still until it is told to pass, for pools of the test kit: scaling, idle expiry, time-outs and back-off
 * happen when the test says so. Timers go off in order of time, then of scheduling. Milliseconds throughout.
 * @example
 * const clock = new VirtualClock();
 * const pool = createTestPool({ name: 'images', tasks, idleExpiryMs: 5_000, clock });
 * await clock.advance(5_000);
 */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  readonly #alarms = new Set<Alarm>();

  /** Milliseconds since the clock was made. */
  now(): number {
    return this.#now;
  }

  schedule(ms: number, callback: () => void): Timer {
    const alarm = { at: this.#now + ms, order: this.#order++, callback };
    this.#alarms.add(alarm);
    return { cancel: () => void this.#alarms.delete(alarm) };
  }

  every(ms: number, callback: () => void): Timer {
    let timer: Timer;
    const again = () => {
      timer = this.schedule(ms, again);
      callback();
    };
    timer = this.schedule(ms, again);
    return { cancel: () => timer.cancel() };
  }

  /** Resolves when `ms` have passed; what a task of a test waits for instead of a real delay. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.schedule(ms, resolve));
  }

  /** How many timers are set. */
  get scheduled(): number {
    return this.#alarms.size;
  }

  /** Lets `ms` pass in which the thread computes, and nothing else happens. */
  compute(ms: number): void {
    this.#now += requireSpan('compute(ms)', ms);
  }

  /**
   * Lets `ms` pass; what is due in between happens, microtasks included. `advance(0)` lets happen what can at this instant.
   * @throws PoolConfigError for what is no number of milliseconds from 0.
   */
  async advance(ms: number): Promise<void> {
    const until = this.#now + requireSpan('advance(ms)', ms);
    await settleMicrotasks();
    for (let next = this.#next(until); next; next = this.#next(until)) {
      this.#now = Math.max(this.#now, next.at);
      this.#alarms.delete(next);
      next.callback();
      await settleMicrotasks();
    }
    this.#now = Math.max(this.#now, until);
  }

  #next(until: number): Alarm | undefined {
    let first: Alarm | undefined;
    for (const alarm of this.#alarms) {
      if (alarm.at > until) continue;
      if (!first || alarm.at < first.at || (alarm.at === first.at && alarm.order < first.order)) first = alarm;
    }
    return first;
  }
}

/** Lets every promise that can settle do so, and what was put off to the end of this turn happen. */
export async function settleMicrotasks(): Promise<void> {
  await new Promise<void>((resolve) => void atEndOfTurn(resolve));
}

function requireSpan(option: string, ms: unknown): number {
  if (typeof ms === 'number' && ms >= 0 && ms < Infinity) return ms;
  throw refusal({ option: `VirtualClock.${option}` }, ms, 'a finite number of milliseconds from 0');
}
