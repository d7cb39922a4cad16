import { describe, expect, it } from 'vitest';
import { JUDGED_POLICIES, bestStaticPolicy, presetPolicy } from '../../../lib/simulator/judged-policy.js';
import { loadClass } from '../../../lib/simulator/load-class.js';
import { constant, poissonWorkload, step } from '../../../lib/simulator/load/index.js';
import { Oracle } from '../../../lib/simulator/oracle/oracle.js';
import { judge } from '../../../lib/simulator/report.js';
import type { Workload } from '../../../lib/simulator/workload.js';

const shape = step({ basePerSecond: 20, peakPerSecond: 120, beforeMs: 30_000, afterMs: 30_000, times: 2 });
const load = { name: 'stairs', workload: (seed: number) => poissonWorkload(shape, { seed }) };

/** So many tasks in each second, evenly. */
function counted(...counts: readonly number[]): Workload {
  const arrivals = counts.flatMap((count, second) =>
    Array.from({ length: count }, (_, index) => second * 1_000 + (index * 1_000) / count),
  );
  return {
    name: 'counted',
    durationMs: counts.length * 1_000,
    arrivals: Float64Array.from(arrivals),
    services: new Float64Array(arrivals.length),
  };
}

describe('the class of a load', () => {
  it.each([
    // m = 10; V = 0.
    ['smooth', [10, 10, 10, 10]],
    // m = 10, V = 20² / 2 = 200: 190 > 50.
    ['bursty', [0, 20, 0, 20]],
    // m = 10, V = 10² / 2 = 50: 40 < 50.
    ['smooth', [5, 15, 5, 15]],
    // m = 10, V = 11² / 2 = 60.5: 50.5 > 50, for a mean of 10.
    ['bursty', [4, 15, 4, 15, 4, 18]],
    ['smooth', [7]],
    ['smooth', [0, 0, 0]],
  ])('is %s for %o tasks a second', (expected, counts) => {
    expect(loadClass(counted(...counts))).toBe(expected);
  });

  it('is smooth for Poisson arrivals, however few', () => {
    expect(loadClass(poissonWorkload(constant({ perSecond: 80, durationMs: 60_000 }), { seed: 1 }))).toBe('smooth');
  });
});

describe('the report', () => {
  const rows = judge([load], [presetPolicy('balanced'), bestStaticPolicy], { seeds: [1, 2] });

  it('has a row for each policy and seed', () => {
    expect(rows.map(({ policy, seed }) => [policy, seed])).toEqual([
      ['balanced', 1],
      ['best-static', 1],
      ['balanced', 2],
      ['best-static', 2],
    ]);
    expect(rows.every((row) => row.load === 'stairs' && row.class === 'smooth')).toBe(true);
  });

  it('sets the cost against an oracle with 1 % of misses, and against one with as many', () => {
    const workload = load.workload(2);
    const oracle = new Oracle(workload);
    const result = presetPolicy('balanced').run(workload, 2);
    const row = rows.find(({ policy, seed }) => policy === 'balanced' && seed === 2)!;
    expect(row.costOverOracle).toBeCloseTo(result.workerMs / oracle.plan(1).workerMs, 4);
    expect(row.costAtEqualMisses).toBeCloseTo(result.workerMs / oracle.plan(result.missPct).workerMs, 4);
    expect(row.meanSize).toBeCloseTo(result.workerMs / workload.durationMs, 4);
  });

  it('knows that a constant size never moves, keeps the objective and costs more than the oracle', () => {
    for (const row of rows.filter(({ policy }) => policy === 'best-static')) {
      expect(row.resizesPerHour).toBe(0);
      expect(row.missPct).toBeLessThanOrEqual(1);
      expect(row.costOverOracle).toBeGreaterThan(1);
    }
  });

  it('is the same each time, for every policy', () => {
    const again = () => judge([load], JUDGED_POLICIES, { seeds: [3] });
    const first = again();
    expect(new Set(first.map(({ policy }) => policy)).size).toBe(JUDGED_POLICIES.length);
    expect(again()).toEqual(first);
  });
});
