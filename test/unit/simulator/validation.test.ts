import { describe, expect, it } from 'vitest';
import { erlangC, lateShare, lateShareOfConstant, meanWait } from '../../../lib/core/scaling/queueing/erlang-c.js';
import { simulate } from '../../../lib/simulator/simulate.js';
import { seeded } from '../../support/readings.js';

/** Tasks of one run: small enough for the processor's caches, long enough that its start from empty does not show. */
const RUN = 500_000;

/** The closed forms are to be met within this. */
const WITHIN = 0.02;

/** Runs for each load: towards saturation waits follow each other more and more, so that more of them tell as much. */
const RUNS: readonly [load: number, runs: number][] = [
  [0.3, 3],
  [0.5, 2],
  [0.7, 3],
  [0.8, 4],
  [0.9, 8],
];

/** Exponential numbers of exactly this mean: what the load of a run is off by then adds nothing to the error. */
function exponentials(random: () => number, mean: number): Float64Array {
  const numbers = new Float64Array(RUN);
  let sum = 0;
  for (let index = 0; index < RUN; index++) sum += numbers[index] = -Math.log(1 - random());
  const factor = (mean * RUN) / sum;
  for (let index = 0; index < RUN; index++) numbers[index]! *= factor;
  return numbers;
}

/** Mean wait, and shares that wait longer than the given times; the unit is the mean service time. */
function measured(servers: number, load: number, runs: number, isConstant: boolean, times: readonly number[]) {
  const random = seeded(20_261_121 + servers);
  let meanMs = 0;
  const late = times.map(() => 0);
  for (let run = 0; run < runs; run++) {
    const arrivals = exponentials(random, 1 / (load * servers));
    for (let task = 1; task < RUN; task++) arrivals[task]! += arrivals[task - 1]!;
    const services = isConstant ? new Float64Array(RUN).fill(1) : exponentials(random, 1);
    const workload = { name: 'validation', durationMs: arrivals[RUN - 1]!, arrivals, services };
    const { waits, meanWaitMs } = simulate(workload, { size: servers });
    meanMs += meanWaitMs / runs;
    for (const [index, time] of times.entries()) {
      let count = 0;
      // The sums of times are rounded: who has to wait for nobody may seem to wait for a billionth.
      for (let task = 0; task < RUN; task++) if (waits[task]! > time + 1e-6) count++;
      late[index]! += count / RUN / runs;
    }
  }
  return { mean: meanMs, late };
}

function expectWithin(told: number, exact: number): void {
  expect(Math.abs(told / exact - 1)).toBeLessThan(WITHIN);
}

describe('the simulator against closed forms', () => {
  it.each(RUNS.flatMap(([load, runs]) => [1, 3].map((servers) => [servers, load, runs] as const)))(
    'M/M/%i at %d of its capacity: mean and tail of the wait',
    (servers, rho, runs) => {
      const load = rho * servers;
      const usual = meanWait(servers, load) / erlangC(servers, load);
      const times = [0, usual / 2, usual];
      const { mean, late } = measured(servers, rho, runs, false, times);
      expectWithin(mean, meanWait(servers, load));
      for (const [index, time] of times.entries()) expectWithin(late[index]!, lateShare(servers, load, time));
    },
  );

  it.each(RUNS)('M/D/1 at %d of its capacity: mean and tail of the wait', (load, runs) => {
    const usual = 1 / (2 * (1 - load));
    const times = [0, usual / 2, usual];
    const { mean, late } = measured(1, load, runs, true, times);
    // Pollaczek and Khinchine: half of what exponential service times make.
    expectWithin(mean, meanWait(1, load) / 2);
    for (const [index, time] of times.entries()) expectWithin(late[index]!, lateShareOfConstant(load, time));
  });
});
