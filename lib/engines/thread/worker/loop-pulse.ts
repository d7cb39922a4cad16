import { systemClock, type Clock, type Timer } from '../../../core/clock.js';
import type { SharedTable } from '../shared-layout.js';

/**
 * Between two signs of life, milliseconds: what a delay is told too short by at most. A thread that computes gives them
 * for next to nothing; one that only awaits wakes up for each, which takes 0.2 to 0.5 % of a core.
 */
const BEAT_MS = 20;
/** What is told is the highest delay of this span and of the one before it, milliseconds: no tick of a policy misses one. */
const SPAN_MS = 500;
/** After so many spans in a row without work the beats cease, so that an idle thread sleeps. */
const QUIET_SPANS = 2;

/**
 * Tells main how late this thread's event loop is. Every 20 ms it leaves in the shared table the highest delay lately,
 * and when it will be back. A loop that is blocked cannot tell, but main sees that it is not back.
 *
 * `resting` → `beating` when there is work → `resting` after a second without.
 */
export class LoopPulse {
  #timer: Timer | null = null;
  #dueAt = 0;
  #spanEndsAt = 0;
  #highest = 0;
  #highestBefore = 0;
  #hasWorked = false;
  #quietSpans = 0;

  /** `offset`: from this thread's clock to main's. */
  constructor(
    readonly table: SharedTable,
    readonly offset: number,
    readonly isIdle: () => boolean,
    readonly clock: Clock = systemClock,
  ) {}

  /** There is work. */
  worked(): void {
    this.#hasWorked = true;
    if (this.#timer !== null) return;
    this.#timer = this.clock.every(BEAT_MS, () => this.#beat(this.clock.now()));
    const now = this.clock.now();
    this.#spanEndsAt = now + SPAN_MS;
    this.#expectAt(now + BEAT_MS);
  }

  #beat(now: number): void {
    this.#highest = Math.max(this.#highest, now - this.#dueAt);
    this.table.highestLoopDelayMs = Math.max(this.#highest, this.#highestBefore);
    this.#expectAt(now + BEAT_MS);
    if (now >= this.#spanEndsAt) this.#endSpan(now);
  }

  #endSpan(now: number): void {
    this.#quietSpans = this.#hasWorked || !this.isIdle() ? 0 : this.#quietSpans + 1;
    this.#hasWorked = false;
    this.#highestBefore = this.#highest;
    this.#highest = 0;
    this.#spanEndsAt = now + SPAN_MS;
    if (this.#quietSpans === QUIET_SPANS) this.#rest();
  }

  /** Who has nothing to do keeps nobody waiting, whatever the last beats told. */
  #rest(): void {
    this.#timer!.cancel();
    this.#timer = null;
    this.#quietSpans = 0;
    this.#highestBefore = 0;
    this.table.highestLoopDelayMs = 0;
    this.table.loopDueAt = null;
  }

  #expectAt(at: number): void {
    this.#dueAt = at;
    this.table.loopDueAt = at + this.offset;
  }
}
