import type { Guard } from '../contract.js';
import type { SpecReader } from '../spec-reader.js';
import { pass } from './verdict.js';
import { SlidingExtreme } from './sliding-extreme.js';

/**
 * Shrinks no further than to the highest size proposed in the last `downMs`, and grows no further than to the lowest in
 * the last `upMs`: a lull or a spike that is shorter moves nothing. Put it before guards that trim, so that it sees what
 * was proposed. As `stabilizationWindowSeconds` of Kubernetes' HorizontalPodAutoscaler.
 */
export interface StabilizationSpec {
  readonly type: 'stabilization';
  /** Default: shrinks are not held. */
  readonly downMs?: number;
  /** Default: grows are not held. */
  readonly upMs?: number;
}

export function stabilization(read: SpecReader): Guard {
  read.only(['downMs', 'upMs']);
  if (!read.has('upMs') && !read.has('downMs')) {
    throw read.refusal('downMs', 'a number of milliseconds where upMs is left out too: it would hold nothing');
  }
  const highest = read.has('downMs') ? new SlidingExtreme(read.ticksMs('downMs'), 'highest') : null;
  const lowest = read.has('upMs') ? new SlidingExtreme(read.ticksMs('upMs'), 'lowest') : null;
  return {
    apply(proposal, { now, snapshot: { target: size } }) {
      const { target } = proposal;
      if (!Number.isFinite(target)) return pass(proposal);
      const floor = Math.min(size, highest?.add(target, now) ?? target);
      const ceiling = Math.max(size, lowest?.add(target, now) ?? target);
      const held = Math.max(floor, Math.min(ceiling, target));
      return held === target ? pass(proposal) : { target: held, heldBy: 'stabilization' };
    },
  };
}
