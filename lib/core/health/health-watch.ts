import { systemClock, type Clock } from '../clock.js';
import type { Pool } from '../contract/pool.js';

/** The latest crashes that are remembered; a check can ask for no more. */
export const KEPT_CRASHES = 100;

/** What a snapshot does not tell. Milliseconds. */
export interface HealthHistory {
  /** For how long the target and the maximum have been what they are. */
  readonly sameTargetForMs: number;
  /** For how long tasks could have started: since the end of a pause or drain, and since the first of the workers is up. */
  readonly flowingForMs: number;
  /** How long ago workers crashed, the oldest first; at most 100. */
  readonly crashAgesMs: readonly number[];
}

/** Of a pool that nobody has watched. */
export const UNWATCHED: HealthHistory = Object.freeze({
  sameTargetForMs: 0,
  flowingForMs: Infinity,
  crashAgesMs: Object.freeze([]),
});

/** Remembers of a pool's past what its health depends on. Hears of rare events only; tasks cost nothing. */
export class HealthWatch {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #staff = new Set<number>();
  readonly #crashedAt: number[] = [];
  #resizedAt: number;
  #flowsSince: number;

  constructor(pool: Pick<Pool, 'on'>, clock: Pick<Clock, 'now'> = systemClock) {
    this.#clock = clock;
    this.#resizedAt = this.#flowsSince = clock.now();
    pool.on('resized', () => (this.#resizedAt = clock.now()));
    pool.on('reconfigured', ({ changes }) => {
      if (changes.some(({ key }) => key === 'size.max')) this.#resizedAt = clock.now();
    });
    pool.on('resumed', () => (this.#flowsSince = clock.now()));
    pool.on('workerStarted', ({ workerId }) => {
      if (this.#staff.size === 0) this.#flowsSince = clock.now();
      this.#staff.add(workerId);
    });
    pool.on('workerExited', ({ workerId, reason }) => {
      this.#staff.delete(workerId);
      if (reason !== 'crashed') return;
      this.#crashedAt.push(clock.now());
      if (this.#crashedAt.length > KEPT_CRASHES) this.#crashedAt.shift();
    });
  }

  read(): HealthHistory {
    const now = this.#clock.now();
    return {
      sameTargetForMs: now - this.#resizedAt,
      flowingForMs: now - this.#flowsSince,
      crashAgesMs: this.#crashedAt.map((at) => now - at),
    };
  }
}

/** Watches each of these pools from now on. */
export function watchHealth(pools: ReadonlyMap<string, Pool>, clock?: Clock | null): Map<string, HealthWatch> {
  return new Map([...pools].map(([name, pool]) => [name, new HealthWatch(pool, clock ?? systemClock)]));
}
