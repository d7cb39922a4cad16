import { describe, expect, it } from 'vitest';
import {
  growthWhile,
  runDownstream,
  SLOW,
  stateAt,
  steadyLoad,
  VETO,
  WITHOUT_FALLBACK,
} from '../../../bench/downstream/scenario.js';
import { constant, poissonWorkload, withErrors } from '../../../lib/simulator/load/index.js';
import { picture } from '../../../lib/simulator/picture.js';
import { simulate } from '../../../lib/simulator/simulate.js';
import type { SimulationResult } from '../../../lib/simulator/simulation-result.js';

describe('a downstream that is ten times slower for two minutes (D6; S4 Q18, Q21)', () => {
  const [vetoed, free] = [runDownstream(VETO), runDownstream([])];
  const held = (result: SimulationResult) => result.decisions.filter(({ heldBy }) => heldBy !== null);

  it('opens the breaker within a second; it tries again in vain until all is well', () => {
    for (const { breaker } of [vetoed, free]) {
      const [first, opened] = breaker;
      expect(first).toEqual({ at: 0, state: 'closed' });
      expect(opened!.state).toBe('open');
      expect(opened!.at).toBeGreaterThan(SLOW.fromMs);
      expect(opened!.at).toBeLessThan(SLOW.fromMs + 1_000);
      expect(breaker.filter(({ state }) => state === 'half-open').length).toBe(8);
      expect(breaker.at(-1)!.state).toBe('closed');
      expect(breaker.at(-1)!.at).toBeGreaterThan(SLOW.toMs);
    }
  });

  it('with the vetoes no growth is applied while the breaker is open', () => {
    const applied = vetoed.decisions.filter(({ from, to }) => to > from);
    expect(applied.filter(({ at }) => stateAt(vetoed.breaker, at) === 'open')).toEqual([]);
    expect(growthWhile('open', vetoed).every((workers) => workers === 0)).toBe(true);
  });

  it('half-open grows by one at most each time, and does where more are wanted', () => {
    const each = growthWhile('half-open', vetoed);
    expect(each.slice(0, 4)).toEqual([1, 1, 1, 1]);
    expect(Math.max(...each)).toBe(1);
  });

  it('names the guard that held a growth', () => {
    const names = new Set(held(vetoed).map(({ heldBy }) => heldBy));
    expect(names).toContain('breaker open');
    expect(names).toContain('breaker half-open');
    for (const { at, heldBy, proposed, to } of held(vetoed)) {
      if (heldBy !== 'breaker open') continue;
      expect(proposed).toBeGreaterThan(to);
      expect(stateAt(vetoed.breaker, at)).toBe('open');
    }
    expect(held(free)).toEqual([]);
  });

  it('without them it grows while the breaker is open, by as much as the tasks ask for', () => {
    const [first] = growthWhile('open', free);
    expect(first).toBeGreaterThanOrEqual(4);
    // Within 15 s it is where with the vetoes it is after a minute.
    const at = (result: SimulationResult, ms: number) => result.sizes.findLast((size) => size.at <= ms)!.target;
    expect([75_000, 120_000].map((ms) => at(vetoed, ms))).toEqual([12, 15]);
    expect(at(free, 75_000)).toBeGreaterThanOrEqual(16);
  });

  it('the veto has its price: tasks wait while the fallback is too slow for the workers there are', () => {
    expect(vetoed.missPct).toBeGreaterThan(10);
    expect(free.missPct).toBeLessThan(1);
  });

  it('comes back to its floor', () => {
    for (const { sizes } of [vetoed, free]) expect(sizes.at(-1)!.target).toBe(12);
  });

  it('where the breaker stays closed, the error rate forbids growth', () => {
    // From 20 s on three of ten tasks fail; from 40 s on they take three times as long, and more workers are wanted.
    const shape = withErrors(constant({ perSecond: 80, durationMs: 60_000 }), {
      share: 0.3,
      fromMs: 20_000,
      toMs: 60_000,
    });
    const result = simulate(poissonWorkload(shape, { seed: 1, cv: 0.3 }), {
      initial: 7,
      serviceFactor: (at) => (at < 40_000 ? 1 : 3),
      breaker: {},
      scaling: { policy: { preset: 'balanced', guards: VETO } },
    });
    expect(result.breaker).toEqual([{ at: 0, state: 'closed' }]);
    expect(result.resizes.filter(({ at, from, to }) => at > 25_000 && to > from)).toEqual([]);
    const byErrors = held(result).filter(({ heldBy }) => heldBy!.startsWith('error rate '));
    expect(byErrors.some(({ at, proposed }) => at > 40_000 && proposed > 12)).toBe(true);
    for (const { signals } of byErrors) expect(signals['errorRate']).toBeGreaterThan(0.1);
  });

  it('an open breaker that lets tasks fail at once takes the load away, so that nothing grows then', () => {
    for (const guards of [VETO, []]) {
      const result = runDownstream(guards, WITHOUT_FALLBACK);
      expect(result.failed).toBeGreaterThan(9_000);
      expect(growthWhile('open', result).every((workers) => workers === 0)).toBe(true);
    }
  });

  it('is drawn with the times at which the breaker was open', () => {
    const svg = picture(steadyLoad(), vetoed);
    expect(svg.match(/<rect [^>]*fill="#c1121f" fill-opacity="0\.07"/g)).toHaveLength(8);
    expect(svg.match(/<rect [^>]*fill="#e69f00"/g)).toHaveLength(8);
    expect(svg.match(/>breaker (open|half-open)</g)).toEqual(['>breaker open<', '>breaker half-open<']);
    expect(picture(steadyLoad(), { ...vetoed, breaker: [] })).not.toContain('breaker open');
  });
});
