import type { SchedulerRegistry } from '@nestjs/schedule';
import type { Ticker } from '../core/scaling/ticker.js';

/** The name of a pool's interval in the `SchedulerRegistry` (U3). */
export function intervalName(pool: string): string {
  return `dynamic-pool:${pool}`;
}

/**
 * Ticks as an interval of the application's `SchedulerRegistry`, where it can be seen; who deletes it there stops that
 * autoscaler, and nothing else. The registry clears it on shutdown as well.
 */
export class ScheduledTicker implements Ticker {
  readonly #name: string;
  readonly #registry: SchedulerRegistry;
  #interval: NodeJS.Timeout | null = null;

  constructor(pool: string, registry: SchedulerRegistry) {
    this.#name = intervalName(pool);
    this.#registry = registry;
  }

  get isRunning(): boolean {
    if (this.#interval === null) return false;
    const [registry, name] = [this.#registry, this.#name];
    return registry.doesExist('interval', name) && registry.getInterval(name) === this.#interval;
  }

  start(everyMs: number, tick: () => void): void {
    this.stop();
    const interval = setInterval(tick, everyMs).unref();
    try {
      this.#registry.addInterval(this.#name, interval);
    } catch (error) {
      // The application has an interval of that name.
      clearInterval(interval);
      throw error;
    }
    this.#interval = interval;
  }

  stop(): void {
    if (this.isRunning) this.#registry.deleteInterval(this.#name);
    this.#interval = null;
  }
}
