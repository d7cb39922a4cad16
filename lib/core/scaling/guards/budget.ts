import type { Guard } from '../contract.js';
import type { SpecReader } from '../spec-reader.js';
import { PoolDemandMeter, type PoolDemand } from './pool-demand.js';
import { pass } from './verdict.js';

/**
 * One pool's share of the workers that several pools have between them. All calls are synchronous, so that requests of
 * two pools cannot interleave. C1, C2, C3; S1 T17.
 */
export interface BudgetShare {
  /** Workers granted to this pool and not yet released. Outlives the policy, which may be swapped. */
  readonly held: number;
  /**
   * The most that this pool may hold at present. Where it is below `held`, the budget wants the rest back as workers
   * become free: nobody takes them away.
   */
  readonly ceiling: number;
  /**
   * Takes up to `n` workers more, and tells how many were granted. It also says that the pool wants `held + n`: repeat it
   * as long as that is so. `request(0)` says that what it holds is enough.
   */
  request(n: number): number;
  /** Gives back workers that have left. */
  release(n: number): void;
  /** What the pool is asked to do; for budgets that are divided by it. */
  tell?(demand: PoolDemand): void;
}

/**
 * Grows by what the pool's budget grants, and shrinks when the budget wants workers back. What the pool holds of it
 * follows its size: workers that are told to leave are given back when they have left, since until then they run. Put it
 * last, so that it asks for nothing that another guard then holds. C1, C2; S1 T17; S4 Q20.
 */
export interface BudgetSpec {
  readonly type: 'budget';
}

export function budget(read: SpecReader): Guard {
  read.only([]);
  const share = read.context.budget;
  if (share === undefined) throw read.refusal('type', 'another type: the pool was given no budget to share');
  const meter = new PoolDemandMeter(read.objectiveMs);
  return {
    apply(proposal, { snapshot, now }) {
      const demand = share.tell === undefined ? null : meter.observe(snapshot, now);
      if (demand !== null) share.tell?.(demand);
      if (!Number.isFinite(proposal.target)) return pass(proposal);
      const { min, max, target: from, size, busy } = snapshot;
      const inUse = Math.max(from, size);
      // Where the size will stay whatever is proposed, nothing is asked for.
      const isFixed = Boolean(snapshot.override) || snapshot.state === 'paused';
      const wanted = isFixed ? inUse : Math.min(max, Math.max(min, Math.ceil(proposal.target)));
      const kept = Math.max(inUse, Math.min(wanted, share.ceiling));
      if (share.held > kept) share.release(share.held - kept);
      // Also where it is nothing: a budget with priorities goes by what was wanted last.
      share.request(Math.max(0, Math.max(wanted, inUse) - share.held));
      // Busy workers that were to leave can stay; those on their way out cannot, and count until they are gone.
      const exiting = Math.max(0, size - Math.max(from, busy));
      const granted = Math.max(Math.min(from, share.held), share.held - exiting);
      const allowed = Math.min(granted, share.ceiling);
      return proposal.target <= allowed ? pass(proposal) : { target: allowed, heldBy: 'budget' };
    },
  };
}
