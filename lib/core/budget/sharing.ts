import type { PoolDemand } from '../scaling/guards/pool-demand.js';
import type { Claim } from './claim.js';

/** How a budget weighs what its pools want. */
export interface Sharing {
  /** Its rank among the pools, lower first; equal ones rank as they joined. Refuses a pool that it cannot place. */
  rankOf(pool: string): number;
  /**
   * What each pool, in order of rank, is entitled to: between its floor and its max, and all of them together the budget
   * at most. Given the same claims, the sum of the floors fits into `workers`.
   */
  entitlements(workers: number, claims: readonly Claim[], now: number): readonly number[];
  /** A pool told its demand. */
  told?(pool: string, demand: PoolDemand): void;
  /** A pool came, left, or came back: nothing that was told before holds for it. */
  changed?(pool: string): void;
}

/** Whoever asks first: nobody is entitled to more than the floor, and what was lent is never called back. C1. */
export const firstCome: Sharing = {
  rankOf: () => 0,
  entitlements: (_workers, claims) => claims.map(({ min }) => min),
};
