import type { Signal } from '../contract.js';
import { synchronous } from '../unchecked.js';
import { PROMISED } from './read-fresh.js';

/** Any synchronous function of the time; `null` where it has nothing to tell. */
export type SignalFunction = (now: number) => number | null;

/** A function as a signal, called at each read; what it tells is as old as the call. Row S4. */
export function functionSignal(measure: SignalFunction): Signal {
  return {
    read(now) {
      const value = synchronous(measure(now), PROMISED);
      return value === null ? null : { value, at: now };
    },
  };
}
