import type { PoolReading, Signal } from '../contract.js';
import { CounterWindow } from './counter-window.js';
import { fromReading } from './reading-signals.js';

/**
 * Window of the rates, milliseconds. Poisson arrivals at `r` per second are told with a relative error of
 * 1 / sqrt(5 r), a tenth at 20/s, and a ramp is told 2.5 s late. Wrap a shorter one in an EWMA to be faster.
 */
export const RATE_WINDOW_MS = 5_000;

/** Window of the error rate, milliseconds: as long as that of the pool's statistics. */
export const ERROR_WINDOW_MS = 10_000;

/** Tasks accepted per second. Row S1. */
export function arrivalRateSignal(windowMs = RATE_WINDOW_MS): Signal {
  return overCounters(windowMs, 1, ({ submitted }) => [submitted], perSecond);
}

/** Tasks ended per second, completed or failed. Row S1. */
export function throughputSignal(windowMs = RATE_WINDOW_MS): Signal {
  return overCounters(windowMs, 1, ({ completed, failed }) => [completed + failed], perSecond);
}

/**
 * Of the tasks that ended in the window, the share that failed: 0..1, and 0 when none ended. Time-outs are failures;
 * cancelled and dropped tasks count on neither side. Row S1.
 */
export function errorRateSignal(windowMs = ERROR_WINDOW_MS): Signal {
  return overCounters(
    windowMs,
    2,
    ({ completed, failed }) => [failed, completed + failed],
    (window) => (window.added(1) > 0 ? window.added(0) / window.added(1) : 0),
  );
}

type Counters = NonNullable<PoolReading['counters']>;

/** Has its first value with the second reading, over the time between the two; the window then grows to its length. */
function overCounters(
  windowMs: number,
  width: number,
  pick: (counters: Counters) => readonly number[],
  compute: (window: CounterWindow) => number,
): Signal {
  const window = new CounterWindow(windowMs, width);
  return fromReading(({ counters }, now) => {
    if (counters === undefined) return null;
    window.add(now, pick(counters));
    return window.spanMs > 0 ? compute(window) : null;
  });
}

function perSecond(window: CounterWindow): number {
  return (window.added(0) * 1_000) / window.spanMs;
}
