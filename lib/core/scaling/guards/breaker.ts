import type { Guard } from '../contract.js';
import { BREAKER_STATES, SIGNALS } from '../well-known-signals.js';
import type { SpecReader } from '../spec-reader.js';
import { hold, isGrowth, pass } from './verdict.js';

/**
 * No growth while the circuit breaker of the downstream is open; while it is half-open, one worker more than when it
 * became so, in all. Shrinking passes. D6; S4 Q18, Q21.
 *
 * closed ⇄ half-open (remembers the size) ⇄ open
 */
export interface BreakerSpec {
  readonly type: 'breaker';
  /** A breaker's state as a number. Default `breaker`. */
  readonly signal?: string;
  /** What to do with growth while the signal has no value: default `hold`, since nobody can tell that all is well. */
  readonly whenMissing?: 'hold' | 'allow';
}

export function breaker(read: SpecReader): Guard {
  read.only(['signal', 'whenMissing']);
  const signal = read.signal('signal', SIGNALS.breaker);
  const holdsBlindly = read.oneOf('whenMissing', ['hold', 'allow'], 'hold') === 'hold';
  let sizeAtHalfOpen: number | null = null;
  return {
    apply(proposal, input) {
      const state = input.signals[signal];
      const { target: size } = input.snapshot;
      const isHalfOpen = state !== undefined && state > BREAKER_STATES.closed && state < BREAKER_STATES.open;
      // A value that is missing for a while does not begin a new half-open phase, which would allow one worker more.
      if (state !== undefined) sizeAtHalfOpen = isHalfOpen ? (sizeAtHalfOpen ?? size) : null;
      if (!isGrowth(proposal, input)) return pass(proposal);
      if (state === undefined) return holdsBlindly ? hold(input, 'breaker unknown') : pass(proposal);
      if (state >= BREAKER_STATES.open) return hold(input, 'breaker open');
      if (sizeAtHalfOpen === null) return pass(proposal);
      const allowed = Math.max(size, sizeAtHalfOpen + 1);
      return proposal.target <= allowed ? pass(proposal) : { target: allowed, heldBy: 'breaker half-open' };
    },
  };
}
