import type { Signal } from '../contract.js';
import { BREAKER_STATES } from '../well-known-signals.js';

export type BreakerState = keyof typeof BREAKER_STATES;

/** A circuit breaker, as far as scaling cares. Adapters make one of a library's own. */
export interface CircuitBreaker {
  readonly state: BreakerState;
}

/** A breaker's state as a number: see `BREAKER_STATES`. Throws for a state that is none of these. Row S4. */
export function breakerSignal(breaker: CircuitBreaker): Signal {
  return {
    read(now) {
      const { state } = breaker;
      if (!Object.hasOwn(BREAKER_STATES, state)) throw new TypeError(`the breaker's state is ${JSON.stringify(state)}`);
      return { value: BREAKER_STATES[state], at: now };
    },
  };
}
