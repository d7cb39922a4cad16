import type { Clock, Timer } from '../../lib/core/clock.js';

interface Alarm {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Time that stands still until it is told to pass. Alarms go off in order of time, then of scheduling. */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  readonly #alarms = new Set<Alarm>();

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

  /** How many timers are set. */
  get scheduled(): number {
    return this.#alarms.size;
  }

  /** Lets `ms` pass in which the thread computes, and nothing else happens. */
  compute(ms: number): void {
    this.#now += ms;
  }

  /** Lets `ms` pass; what is due in between happens, microtasks included. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settleMicrotasks();
    for (let next = this.#next(until); next; next = this.#next(until)) {
      this.#now = Math.max(this.#now, next.at);
      this.#alarms.delete(next);
      next.callback();
      await settleMicrotasks();
    }
    this.#now = until;
  }

  #next(until: number): Alarm | undefined {
    return [...this.#alarms]
      .filter((alarm) => alarm.at <= until)
      .sort((a, b) => a.at - b.at || a.order - b.order)
      .at(0);
  }
}

/** Lets every promise that can settle do so, and what was put off to the end of this turn happen. */
export async function settleMicrotasks(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
