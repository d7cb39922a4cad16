import type { Signal, SignalValue } from '../contract.js';

/**
 * How fast an average follows: `halfLifeMs`, after which a value counts half, however often it is read; or `alpha`, the
 * weight of each new value, 0 < alpha <= 1, which follows faster the more often values come (0.3 is quick, 0.1 smooths
 * heavily: tasks 9 and question 12 of the course).
 */
export type Smoothing = { readonly halfLifeMs: number } | { readonly alpha: number };

/**
 * An exponentially weighted moving average of another signal: `average += weight * (value - average)`, starting with the
 * first value. With a half-life, weight = 1 - 2^(-dt / halfLife), dt being the time between the values. A value counts
 * once, however often it is read: the time it was taken tells. What is not finite passes through and is not averaged;
 * what the signal throws passes through. Row S3.
 */
export function ewmaSignal(of: Signal, smoothing: Smoothing): Signal {
  let last: SignalValue | null = null;
  const step = (now: number): SignalValue | null => {
    const fresh = of.read(now);
    if (fresh === null || !Number.isFinite(fresh.value)) return fresh;
    if (last === null || fresh.at < last.at) last = { value: fresh.value, at: fresh.at };
    else if (fresh.at > last.at) {
      const { value, at } = last;
      last = { value: value + weightOf(smoothing, fresh.at - at) * (fresh.value - value), at: fresh.at };
    }
    return last;
  };
  return {
    observe(reading, now) {
      of.observe?.(reading, now);
      step(now);
    },
    read: step,
    close: () => of.close?.(),
    ...(of.staleAfterMs !== undefined && { staleAfterMs: of.staleAfterMs }),
  };
}

function weightOf(smoothing: Smoothing, elapsedMs: number): number {
  return 'alpha' in smoothing ? smoothing.alpha : 1 - 2 ** (-elapsedMs / smoothing.halfLifeMs);
}
