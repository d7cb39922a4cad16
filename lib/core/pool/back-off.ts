const FIRST_DELAY_MS = 100;
const LONGEST_BACK_OFF_MS = 30_000;

/**
 * How long to wait before a lost worker is replaced: not at all for the first loss, then 100 ms, doubling up to 30 s,
 * until a worker has finished a task (`reset`). Workers lost while a wait is on, as all at once, do not lengthen it.
 */
export class BackOff {
  #streak = 0;
  #until = -Infinity;

  failed(now: number): void {
    if (now < this.#until) return;
    const delay = this.#streak === 0 ? 0 : Math.min(LONGEST_BACK_OFF_MS, FIRST_DELAY_MS * 2 ** (this.#streak - 1));
    this.#until = now + delay;
    this.#streak++;
  }

  reset(): void {
    this.#streak = 0;
    this.#until = -Infinity;
  }

  /** Milliseconds until the next attempt, 0 when it may be made now. */
  remaining(now: number): number {
    return Math.max(0, this.#until - now);
  }
}
