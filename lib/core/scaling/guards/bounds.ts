import type { Guard } from '../contract.js';
import { refusal } from '../../validate.js';
import type { SpecReader } from '../spec-reader.js';
import { hold, pass } from './verdict.js';

/**
 * Never under the floor, never over the ceiling: those of the pool as it stands, narrowed by these. Brings a pool that is
 * outside back. What is no number moves nothing. D7; S0 B2.
 */
export interface BoundsSpec {
  readonly type: 'bounds';
  /** Default: the pool's. */
  readonly min?: number;
  /** Default: the pool's. */
  readonly max?: number;
}

export function bounds(read: SpecReader): Guard {
  read.only(['min', 'max']);
  const least = read.has('min') ? read.workers('min') : 1;
  const most = read.has('max') ? read.workers('max') : Infinity;
  if (least > most) throw refusal(read.at('min'), least, `at most max, which is ${most}`);
  return {
    apply(proposal, input) {
      if (!Number.isFinite(proposal.target)) return hold(input, 'proposal is no number');
      const { min, max } = input.snapshot;
      // The pool's own bounds win over these, and the ceiling over the floor.
      const ceiling = Math.max(min, Math.min(max, most));
      const floor = Math.min(ceiling, Math.max(min, least));
      if (proposal.target > ceiling) return { target: ceiling, heldBy: `max ${ceiling}` };
      if (proposal.target < floor) return { target: floor, heldBy: `min ${floor}` };
      return pass(proposal);
    },
  };
}
