import type { Decision } from './contract.js';
import type { Evaluation } from './pipeline.js';

/** Decisions kept for each pool. */
export const KEPT_DECISIONS = 1_000;

/** A decision, and what has become of it since. */
interface Entry {
  decision: Omit<Decision, 'repeated' | 'lastAt'>;
  repeated: number;
  lastAt: number;
}

/**
 * The latest decisions. One that does the same as the one before it (nothing changes, held by the same) is counted there,
 * with its reason and signals in place of the earlier ones, so that quiet hours do not push the resizes out, and cost next to nothing.
 */
export class DecisionLog {
  readonly #ring: Entry[] = [];
  #written = 0;

  /** Returns the decision if it is news, and `null` if it says the same as the one before it. */
  add(pool: string, at: number, evaluation: Evaluation): Decision | null {
    const last = this.#ring[(this.#written - 1) % KEPT_DECISIONS];
    if (last !== undefined && saysTheSame(last.decision, evaluation)) {
      last.repeated++;
      last.lastAt = at;
      // Why nothing changes may change: what was so an hour ago explains nothing today.
      last.decision = { ...last.decision, ...evaluation };
      return null;
    }
    const entry: Entry = { decision: { seq: this.#written + 1, at, pool, ...evaluation }, repeated: 0, lastAt: at };
    this.#ring[this.#written++ % KEPT_DECISIONS] = entry;
    return told(entry);
  }

  /** Newest first. */
  latest(limit: number = KEPT_DECISIONS): readonly Decision[] {
    const count = Math.min(limit, this.#written, KEPT_DECISIONS);
    return Array.from({ length: count }, (_, back) => told(this.#ring[(this.#written - 1 - back) % KEPT_DECISIONS]!));
  }
}

function told({ decision, repeated, lastAt }: Entry): Decision {
  return Object.freeze({ ...decision, repeated, lastAt });
}

/** Where a person has set the size, or the end of a pause is awaited, what the policy would have liked is no news. */
const WHATEVER_IS_PROPOSED: readonly (string | null)[] = ['override', 'a pause'];

function saysTheSame(a: Entry['decision'], b: Evaluation): boolean {
  const isStill = a.from === a.to && b.from === b.to && a.to === b.to && a.heldBy === b.heldBy;
  return isStill && (a.proposed === b.proposed || WHATEVER_IS_PROPOSED.includes(b.heldBy));
}
