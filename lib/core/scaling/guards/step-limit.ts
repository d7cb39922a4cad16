import type { Guard } from '../contract.js';
import type { SpecReader } from '../spec-reader.js';
import { pass } from './verdict.js';

/** The most workers that one resize adds or takes away. Put a cooldown beside it to limit the pace as well. */
export interface StepLimitSpec {
  readonly type: 'step-limit';
  /** Default: any. */
  readonly up?: number;
  /** Default: any. */
  readonly down?: number;
}

export function stepLimit(read: SpecReader): Guard {
  read.only(['up', 'down']);
  if (!read.has('up') && !read.has('down')) {
    throw read.refusal('up', 'a number of workers where down is left out too: it would hold nothing');
  }
  const up = read.has('up') ? read.workers('up') : Infinity;
  const down = read.has('down') ? read.workers('down') : Infinity;
  return {
    apply(proposal, { snapshot: { target: size } }) {
      if (proposal.target > size + up) return { target: size + up, heldBy: `step limit ${up}` };
      if (proposal.target < size - down) return { target: size - down, heldBy: `step limit ${down}` };
      return pass(proposal);
    },
  };
}
