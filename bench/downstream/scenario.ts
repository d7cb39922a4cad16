import type { GuardSpec } from '../../lib/core/scaling/guards/build-guard.js';
import type { BreakerState } from '../../lib/core/scaling/signals/breaker-signal.js';
import type { BreakerOptions } from '../../lib/simulator/breaker-options.js';
import { constant, poissonWorkload } from '../../lib/simulator/load/index.js';
import { simulate } from '../../lib/simulator/simulate.js';
import type { BreakerChange, SimulationResult } from '../../lib/simulator/simulation-result.js';

/** When the downstream is slow, milliseconds from the start, and by how much. */
export const SLOW = { fromMs: 60_000, toMs: 180_000, factor: 10 } as const;

/**
 * A service that usually takes 50 ms. Calls are given up after 120 ms; once half of those of a second were, the breaker is
 * open for 15 s. Then tasks take the fallback, which ends well but takes 160 ms: a cache, and the database behind it.
 */
export const WITH_FALLBACK: BreakerOptions = {
  slowMs: 120,
  windowMs: 1_000,
  openMs: 15_000,
  whenOpen: { takesMs: 160, fails: false },
};

/** The same without a fallback: while it is open tasks fail at once. */
export const WITHOUT_FALLBACK: BreakerOptions = { ...WITH_FALLBACK, whenOpen: { takesMs: 1 } };

/** What forbids growth while the downstream is sick. D6; S4 Q18, Q21. */
export const VETO: readonly GuardSpec[] = [{ type: 'breaker' }, { type: 'error-rate' }];

/** Even arrivals, 80 a second, for four minutes. */
export const steadyLoad = () =>
  poissonWorkload(constant({ perSecond: 80, durationMs: 240_000 }), { seed: 1, meanMs: 50, cv: 0.3 });

/**
 * The load through a pool under `balanced`, with these guards. Its floor is enough for the calls that are given up too, so
 * that it does not grow before the breaker opens. Ticks are shorter than the call that is let through while half-open.
 */
export function runDownstream(guards: readonly GuardSpec[], breaker = WITH_FALLBACK): SimulationResult {
  return simulate(steadyLoad(), {
    name: 'lookups',
    min: 12,
    queueCapacity: 1_000,
    serviceFactor: (at) => (at >= SLOW.fromMs && at < SLOW.toMs ? SLOW.factor : 1),
    breaker,
    scaling: { policy: { preset: 'balanced', guards }, tickMs: 100 },
    seed: 1,
  });
}

/** The state of the breaker at a time. */
export function stateAt(changes: readonly BreakerChange[], at: number): BreakerState {
  return changes.findLast((change) => change.at <= at)?.state ?? 'closed';
}

/** Workers that the pool grew by, in each time that the breaker was in this state. */
export function growthWhile(state: BreakerState, { breaker, resizes }: SimulationResult): readonly number[] {
  return breaker.flatMap((change, index) => {
    if (change.state !== state) return [];
    const until = breaker[index + 1]?.at ?? Infinity;
    const grown = resizes.filter(({ at, from, to }) => to > from && at >= change.at && at < until);
    return [grown.reduce((sum, { from, to }) => sum + to - from, 0)];
  });
}
