import type { SharedTable } from '../shared-layout.js';

/** For how long an idle worker looks out for the next task before it goes to sleep, milliseconds: what waking up takes. */
const LOOKOUT_MS = 0.025;
/** After a look-out in vain the next ones are left out, one, two, four and so on up to this many. */
const MOST_LEFT_OUT = 8;
/** A parked worker sleeps for this long at a time, and goes back to its event loop after this long without work. */
const PARK_MS = 5;
const PARK_FOR_MS = 50;

/**
 * How an idle worker waits for mail other than in its event loop, from which it takes long to come back. Where its caller
 * may be sending the next task at this moment, it looks out for it for a moment; with `parking` it then sleeps on
 * shared memory.
 */
export class MailWait {
  #inVain = 0;
  #toLeaveOut = 0;
  #lastWorkedAt = 0;

  constructor(
    readonly table: SharedTable,
    readonly parking: boolean,
  ) {}

  worked(now: number): void {
    this.#lastWorkedAt = now;
  }

  /** Waits for more mail than `seen`; `enough`: the event loop is the place to wait now. */
  forMail(seen: number, turnEndsAt: number): 'mail' | 'enough' | 'turn is over' {
    if (this.#lookOut(seen)) return performance.now() > turnEndsAt ? 'turn is over' : 'mail';
    if (!this.parking) return 'enough';
    const now = performance.now();
    if (now > this.#lastWorkedAt + PARK_FOR_MS) return 'enough';
    if (now > turnEndsAt) return 'turn is over';
    this.table.park(seen, PARK_MS);
    return 'mail';
  }

  #lookOut(seen: number): boolean {
    if (!this.table.isAlone) return false;
    if (this.#toLeaveOut > 0) {
      this.#toLeaveOut--;
      return false;
    }
    const until = performance.now() + LOOKOUT_MS;
    while (performance.now() < until) {
      if (this.table.mail === seen) continue;
      this.#inVain = 0;
      return true;
    }
    this.#inVain = Math.min(MOST_LEFT_OUT, 2 * this.#inVain || 1);
    this.#toLeaveOut = this.#inVain;
    return false;
  }
}
