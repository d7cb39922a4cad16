import type { Signal } from '../contract.js';

export type BreakerState = 'closed' | 'open' | 'half-open';

/** A circuit breaker, as far as scaling cares. Adapters make one of a library's own. */
export interface CircuitBreaker {
  readonly state: BreakerState;
}

const VALUES: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 0.5, open: 1 };

/** A breaker's state as a number: closed 0, half-open 0.5, open 1. Throws for a state that is none of these. Row S4. */
export function breakerSignal(breaker: CircuitBreaker): Signal {
  return {
    read(now) {
      const { state } = breaker;
      if (!Object.hasOwn(VALUES, state)) throw new TypeError(`the breaker's state is ${JSON.stringify(state)}`);
      return { value: VALUES[state], at: now };
    },
  };
}
