import type { Guard } from '../contract.js';
import type { SpecReader } from '../spec-reader.js';
import { hold, isGrowth, isShrink, pass } from './verdict.js';

/**
 * The least time between two resizes in the same direction; a grow does not delay a shrink, nor the reverse. D2; S0 B5,
 * B10, B14; S1 T13; S4 Q9.
 *
 * Only a resize that was really applied starts it, by whomever it was made. The first resize in each direction is allowed
 * at once, since there was none before it; with `seeded`, the first evaluation counts as one, so that the first resize
 * comes a whole cooldown later.
 */
export interface CooldownSpec {
  readonly type: 'cooldown';
  /** Between two grows. Default: none. */
  readonly upMs?: number;
  /** Between two shrinks. Default: none. */
  readonly downMs?: number;
  /** Default false. */
  readonly seeded?: boolean;
}

/** When the last resize in each direction was, and whether the next may come. Times in milliseconds on one clock. */
export class Cooldown {
  #lastUp = -Infinity;
  #lastDown = -Infinity;

  constructor(
    readonly upMs: number,
    readonly downMs: number,
  ) {}

  allowUp(now: number): boolean {
    return now - this.#lastUp >= this.upMs;
  }

  allowDown(now: number): boolean {
    return now - this.#lastDown >= this.downMs;
  }

  recordUp(now: number): void {
    this.#lastUp = now;
  }

  recordDown(now: number): void {
    this.#lastDown = now;
  }
}

export function cooldown(read: SpecReader): Guard {
  read.only(['upMs', 'downMs', 'seeded']);
  if (!read.has('upMs') && !read.has('downMs')) {
    throw read.refusal('upMs', 'a number of milliseconds where downMs is left out too: it would hold nothing');
  }
  const times = new Cooldown(
    read.has('upMs') ? read.ticksMs('upMs') : 0,
    read.has('downMs') ? read.ticksMs('downMs') : 0,
  );
  let isToSeed = read.flag('seeded', false);
  return {
    apply(proposal, input) {
      if (isToSeed) {
        isToSeed = false;
        times.recordUp(input.now);
        times.recordDown(input.now);
      }
      if (isGrowth(proposal, input) && !times.allowUp(input.now)) return hold(input, 'cooldown');
      if (isShrink(proposal, input) && !times.allowDown(input.now)) return hold(input, 'cooldown');
      return pass(proposal);
    },
    resized(from, to, now) {
      if (to > from) times.recordUp(now);
      if (to < from) times.recordDown(now);
    },
  };
}
