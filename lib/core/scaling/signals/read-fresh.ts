import type { Signal, SignalValue } from '../contract.js';
import { asError, cut, synchronous } from '../unchecked.js';

/** A value to go by, or why there is none; `why` is for decisions and logs. */
export type FreshValue = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly why: string };

export const PROMISED = 'it returned a promise; a signal is read synchronously';

/**
 * Reads a signal and trusts nothing of it: `threw: …`, `no value yet`, `not finite`, `stale for N ms` (its value is that
 * old), `stamped N ms ahead` (of the clock that it is read by: a value from another clock would never go stale). Never
 * throws. A signal's own `staleAfterMs` goes before the one given.
 */
export function readFresh(signal: Signal, now: number, staleAfterMs: number): FreshValue {
  let read: SignalValue | null | undefined;
  try {
    read = synchronous(signal.read(now), PROMISED);
    if (read === null || read === undefined) return refuse('no value yet');
    const { value, at } = read;
    // An unchecked object may hold anything.
    if (typeof value !== 'number' || !Number.isFinite(value) || !Number.isFinite(at)) return refuse('not finite');
    const age = now - at;
    const limit = signal.staleAfterMs ?? staleAfterMs;
    if (age > limit) return refuse(`stale for ${Math.round(age)} ms`);
    if (-age > limit) return refuse(`stamped ${Math.round(-age)} ms ahead`);
    return { ok: true, value };
  } catch (error) {
    return refuse(`threw: ${cut(asError(error).message, 200)}`);
  }
}

function refuse(why: string): FreshValue {
  return { ok: false, why };
}
