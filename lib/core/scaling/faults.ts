import { asError } from './unchecked.js';

/** What happens to an autoscaler after a fault: it tries again, later each time, or it waits for a person. */
export type OnFault = 'retry' | 'freeze';

/** The first pause after a fault, and the longest, milliseconds. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Faults of one autoscaler. `fine` → `pausing` (`retry`; twice as long after each fault in a row) → `fine` by a tick that
 * went well; or `frozen` (`freeze`), until it is thawed.
 */
export class Faults {
  #count = 0;
  #inARow = 0;
  #last: Error | null = null;
  #pausedUntil = -Infinity;
  #isFrozen = false;

  constructor(public onFault: OnFault) {}

  get count(): number {
    return this.#count;
  }

  get last(): Error | null {
    return this.#last;
  }

  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  /** Whether the latest tick failed. */
  get isPausing(): boolean {
    return this.#inARow > 0;
  }

  mayTick(now: number): boolean {
    return !this.#isFrozen && now >= this.#pausedUntil;
  }

  failed(error: unknown, now: number): Error {
    this.#count++;
    this.#last = asError(error);
    if (this.onFault === 'freeze') this.#isFrozen = true;
    else this.#pausedUntil = now + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#inARow);
    this.#inARow++;
    return this.#last;
  }

  wentWell(): void {
    this.#inARow = 0;
  }

  thaw(): void {
    this.#isFrozen = false;
    this.#pausedUntil = -Infinity;
    this.#inARow = 0;
  }
}
