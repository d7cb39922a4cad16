import type { Guard } from '../contract.js';
import type { SpecReader } from '../spec-reader.js';
import { pass } from './verdict.js';

/**
 * One pool's share of the workers that several pools have between them. All calls are synchronous, so that requests of
 * two pools cannot interleave. C1; S1 T17.
 */
export interface BudgetShare {
  /** Workers granted to this pool and not yet released. Outlives the policy, which may be swapped. */
  readonly held: number;
  /** Takes up to `n` workers more, and tells how many were granted. */
  request(n: number): number;
  release(n: number): void;
}

/**
 * Grows by what the pool's budget grants. What the pool holds of it follows its size: workers that are told to leave are
 * given back when they have left, since until then they run. Put it last, so that it asks for nothing that another guard
 * then holds. C1; S1 T17.
 */
export interface BudgetSpec {
  readonly type: 'budget';
}

export function budget(read: SpecReader): Guard {
  read.only([]);
  const share = read.context.budget;
  if (share === undefined) throw read.refusal('type', 'another type: the pool was given no budget to share');
  return {
    apply(proposal, { snapshot }) {
      const { target: from, size } = snapshot;
      if (!Number.isFinite(proposal.target)) return pass(proposal);
      const wanted = Math.max(proposal.target, from, size);
      if (wanted > share.held) share.request(wanted - share.held);
      else if (wanted < share.held) share.release(share.held - wanted);
      const allowed = Math.max(from, share.held);
      return proposal.target <= allowed ? pass(proposal) : { target: allowed, heldBy: 'budget' };
    },
  };
}
