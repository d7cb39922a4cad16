import type { DecisionInput, Guard, Proposal } from '../contract.js';

/** What a guard makes of a proposal. */
export type Verdict = ReturnType<Guard['apply']>;

/** Lets the proposal pass. */
export function pass({ target }: Proposal): Verdict {
  return { target };
}

/** Keeps the pool where it is. */
export function hold({ snapshot }: DecisionInput, heldBy: string): Verdict {
  return { target: snapshot.target, heldBy };
}

export function isGrowth({ target }: Proposal, { snapshot }: DecisionInput): boolean {
  return target > snapshot.target;
}

export function isShrink({ target }: Proposal, { snapshot }: DecisionInput): boolean {
  return target < snapshot.target;
}
