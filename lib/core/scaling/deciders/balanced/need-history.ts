/** A stretch of time, from `from` on, in and after which nothing higher was needed; `at` is when that much was, last. */
interface Stretch {
  readonly from: number;
  readonly at: number;
  readonly need: number;
}

/** Nothing is let go sooner than this, milliseconds: the averages of the load take as long to settle. */
const SHORTEST_MS = 4_000;

/**
 * What was needed, and when; tells how many workers may go. Ski rental: a spare is kept until it has cost as much as it
 * would to be without it when it is needed again, which is never more than twice what the best choice in hindsight had
 * cost. With 75 worker-seconds ten spares wait 7.5 s and one waits 75 s. (A. R. Karlin, M. S. Manasse, L. Rudolph and
 * D. D. Sleator, "Competitive snoopy caching", Algorithmica 3, 1988.)
 *
 * Of the needs it keeps the record highs only, seen from now backwards: no more than there are sizes.
 */
export class NeedHistory {
  /** Oldest first: needs fall, times rise. */
  readonly #stretches: Stretch[] = [];

  constructor(
    readonly spareSeconds: number,
    readonly memoryMs: number,
  ) {}

  /** This many workers were needed. */
  remember(now: number, need: number): void {
    let from = now;
    while (this.#stretches.length > 0 && this.#stretches.at(-1)!.need <= need) from = this.#stretches.pop()!.from;
    this.#stretches.push({ from, at: now, need });
    while (this.#stretches[0]!.at < now - this.memoryMs) this.#stretches.shift();
  }

  /**
   * The size to shrink to, or `null`: the highest need of the shortest window back from now over which the workers
   * beyond that need have cost `spareSeconds`.
   */
  releasedSize(now: number, target: number): { readonly size: number; readonly overMs: number } | null {
    for (let index = this.#stretches.length - 1; index >= 0; index--) {
      const { from, need } = this.#stretches[index]!;
      if (need >= target) return null;
      const overMs = Math.min(this.memoryMs, now - from);
      if (overMs >= SHORTEST_MS && (target - need) * overMs >= this.spareSeconds * 1_000) {
        return { size: need, overMs };
      }
    }
    return null;
  }
}
