import type { BreakerState, CircuitBreaker } from '../core/scaling/signals/breaker-signal.js';

/** What is read of an opossum circuit breaker, version 8 to 10. */
export interface OpossumBreaker {
  readonly opened: boolean;
  readonly halfOpen: boolean;
  readonly enabled: boolean;
  readonly isShutdown: boolean;
}

/**
 * An opossum breaker (https://github.com/nodeshift/opossum) as a signal's `breaker`. One that was shut down refuses every
 * call and counts as open; one that is disabled lets every call through and counts as closed.
 *
 * @example
 * signals: { downstream: { type: 'breaker', breaker: opossumBreaker(breaker) } }
 */
export function opossumBreaker(breaker: OpossumBreaker): CircuitBreaker {
  return {
    get state() {
      return stateOf(breaker);
    },
  };
}

function stateOf({ opened, halfOpen, enabled, isShutdown }: OpossumBreaker): BreakerState {
  if (isShutdown) return 'open';
  if (!enabled) return 'closed';
  if (opened) return 'open';
  return halfOpen ? 'half-open' : 'closed';
}
