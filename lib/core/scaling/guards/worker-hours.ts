import type { Guard, PoolReading } from '../contract.js';
import { refusal } from '../../validate.js';
import type { SpecReader } from '../spec-reader.js';
import { told } from '../wording.js';
import { pass } from './verdict.js';

/**
 * A hard budget of worker-hours per period. What the floor will still need is set aside; the rest is for the workers
 * above it. When that runs out the pool is brought back to its floor, whatever the objective asks for, and `heldBy` says
 * so. D8; S4 Q35.
 *
 * Periods follow each other from the first evaluation on. What was not used is not carried over. A floor that alone
 * needs more than the budget is kept all the same: bounds always hold.
 */
export interface WorkerHoursSpec {
  readonly type: 'worker-hours';
  readonly hours: number;
  /** Default a day. At least a second. */
  readonly periodMs?: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * The workers above the floor may use up what is left in no less than this, so that the pool glides down to its floor and
 * what a worker runs on for after it was told to leave is still paid for. A minute, or a hundredth of a short period.
 */
const GLIDE_MS = 60_000;

export function workerHours(read: SpecReader): Guard {
  read.only(['hours', 'periodMs']);
  const hours = read.number('hours', { above: 0 });
  const periodMs = read.durationMs('periodMs', DAY_MS);
  if (periodMs < 1_000) throw refusal(read.at('periodMs'), periodMs, 'at least 1,000 ms');
  const glideMs = Math.max(read.tickMs, Math.min(GLIDE_MS, periodMs / 100));
  const heldBy = `worker-hours: ${told(hours)} h in ${told(periodMs / HOUR_MS)} h`;
  const meter = new WorkerMeter(periodMs);
  return {
    apply(proposal, { snapshot, now }) {
      const { used, endsAt } = meter.observe(snapshot, now);
      const { min, target: from } = snapshot;
      const left = hours * HOUR_MS - used - min * (endsAt - now);
      // A pool whose size is paid for until the period ends has no reason to glide.
      const isPaid = (from - min) * (endsAt - now) <= left;
      const affordable = Math.max(min + Math.max(0, Math.floor(left / glideMs)), isPaid ? from : 0);
      return proposal.target <= affordable ? pass(proposal) : { target: affordable, heldBy };
    },
  };
}

/** Adds up the workers there are over time, from period to period. */
class WorkerMeter {
  readonly #periodMs: number;
  #endsAt: number | null = null;
  #at = 0;
  #size = 0;
  #used = 0;

  constructor(periodMs: number) {
    this.#periodMs = periodMs;
  }

  /** Worker-milliseconds used in the period of `now`, and when it ends. Between two readings the earlier size counts. */
  observe({ size }: PoolReading, now: number): { used: number; endsAt: number } {
    if (this.#endsAt === null) {
      this.#endsAt = now + this.#periodMs;
    } else {
      if (now >= this.#endsAt) {
        const startsAt = this.#endsAt + Math.floor((now - this.#endsAt) / this.#periodMs) * this.#periodMs;
        [this.#endsAt, this.#at, this.#used] = [startsAt + this.#periodMs, startsAt, 0];
      }
      this.#used += this.#size * Math.max(0, now - this.#at);
    }
    [this.#at, this.#size] = [now, size];
    return { used: this.#used, endsAt: this.#endsAt };
  }
}
