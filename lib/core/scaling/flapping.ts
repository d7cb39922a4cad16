/** More resizes than this within a minute are too many, whatever their direction (A6). */
const RESIZES_PER_MINUTE = 30;
/** More changes of direction than this within a minute are too many: a reversal costs a boot and gains nothing. */
const REVERSALS_PER_MINUTE = 6;
const MINUTE_MS = 60_000;
/** For this long after it was seen the pool does not shrink. */
const DAMPING_MS = 60_000;

/** What was too much. */
export interface Flapping {
  readonly resizesPerMinute: number;
  readonly reversalsPerMinute: number;
}

/**
 * Notices a pool that goes up and down, and holds it up for a minute. `steady` → `damped` → `steady`; told once each
 * time. Of the last minute it keeps at most 31 resizes.
 */
export class FlappingWatch {
  readonly #resizes: { readonly at: number; readonly isReversal: boolean }[] = [];
  #lastDirection = 0;
  #dampedUntil = -Infinity;

  isDamped(now: number): boolean {
    return now < this.#dampedUntil;
  }

  /** A resize was applied. Returns what is too much, the first time it is. */
  resized(from: number, to: number, now: number): Flapping | null {
    const direction = Math.sign(to - from);
    this.#resizes.push({ at: now, isReversal: this.#lastDirection !== 0 && direction !== this.#lastDirection });
    this.#lastDirection = direction;
    while (this.#resizes[0]!.at <= now - MINUTE_MS || this.#resizes.length > RESIZES_PER_MINUTE + 1) {
      this.#resizes.shift();
    }
    const seen = {
      resizesPerMinute: this.#resizes.length,
      reversalsPerMinute: this.#resizes.filter(({ isReversal }) => isReversal).length,
    };
    const isTooMuch = seen.resizesPerMinute > RESIZES_PER_MINUTE || seen.reversalsPerMinute > REVERSALS_PER_MINUTE;
    if (!isTooMuch) return null;
    const isNews = !this.isDamped(now);
    this.#dampedUntil = now + DAMPING_MS;
    return isNews ? seen : null;
  }
}
