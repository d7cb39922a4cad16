import type { Decision } from './contract.js';

/** Decisions kept for each pool. */
export const KEPT_DECISIONS = 1_000;

/**
 * The latest decisions. One that says the same as the one before it (nothing changes, for the same reason) is counted
 * there, so that quiet hours do not push the resizes out.
 */
export class DecisionLog {
  readonly #ring: Decision[] = [];
  #written = 0;
  #seq = 0;

  /** Returns the decision as it is kept. */
  add(decision: Omit<Decision, 'seq' | 'repeated' | 'lastAt'>): Decision {
    const last = this.#ring[(this.#written - 1) % KEPT_DECISIONS];
    const repeats = last !== undefined && saysTheSame(last, decision);
    if (!repeats) this.#written++;
    const kept = Object.freeze({
      ...decision,
      seq: repeats ? last.seq : ++this.#seq,
      at: repeats ? last.at : decision.at,
      lastAt: decision.at,
      repeated: repeats ? last.repeated + 1 : 0,
    });
    this.#ring[(this.#written - 1) % KEPT_DECISIONS] = kept;
    return kept;
  }

  /** Newest first. */
  latest(limit: number = KEPT_DECISIONS): readonly Decision[] {
    const count = Math.min(limit, this.#written, KEPT_DECISIONS);
    return Array.from({ length: count }, (_, back) => this.#ring[(this.#written - 1 - back) % KEPT_DECISIONS]!);
  }
}

function saysTheSame(a: Decision, b: Omit<Decision, 'seq' | 'repeated' | 'lastAt'>): boolean {
  return a.from === a.to && b.from === b.to && a.to === b.to && a.proposed === b.proposed && a.heldBy === b.heldBy;
}
