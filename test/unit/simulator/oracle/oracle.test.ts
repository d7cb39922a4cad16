import { describe, expect, it } from 'vitest';
import { poissonWorkload, spikes, step } from '../../../../lib/simulator/load/index.js';
import { bestStatic } from '../../../../lib/simulator/oracle/best-static.js';
import { greedyPlan } from '../../../../lib/simulator/oracle/greedy-plan.js';
import { Oracle, oracle } from '../../../../lib/simulator/oracle/oracle.js';
import { resolveOracle } from '../../../../lib/simulator/oracle/oracle-options.js';
import { replay } from '../../../../lib/simulator/oracle/replay.js';
import { Trellis } from '../../../../lib/simulator/oracle/trellis.js';
import { WindowQueue } from '../../../../lib/simulator/oracle/window-queue.js';
import { simulate } from '../../../../lib/simulator/simulate.js';
import type { Workload } from '../../../../lib/simulator/workload.js';

function tasks(durationMs: number, ...list: readonly (readonly [arrival: number, service: number])[]): Workload {
  return {
    name: 'by hand',
    durationMs,
    arrivals: Float64Array.from(list, ([arrival]) => arrival),
    services: Float64Array.from(list, ([, service]) => service),
  };
}

const MINUTE = 60_000;
const loads = [
  step({ basePerSecond: 20, peakPerSecond: 160, beforeMs: MINUTE / 2, afterMs: MINUTE / 2, times: 2 }),
  spikes({ basePerSecond: 20, peakPerSecond: 400, spikeMs: 8_000, gapMs: 20_000, durationMs: 2 * MINUTE }),
].flatMap((shape) =>
  [1, 2].map((seed) => ({ name: `${shape.name}, seed ${seed}`, workload: poissonWorkload(shape, { seed }) })),
);

describe('the oracle', () => {
  it.each(loads)('never misses more than it may: $name', ({ workload }) => {
    const judge = new Oracle(workload);
    for (const missPct of [0, 0.1, 1, 3]) {
      const plan = judge.plan(missPct);
      expect(plan.missPct).toBeLessThanOrEqual(missPct);
      expect(plan.isWithin).toBe(true);
    }
  });

  it.each(loads)('costs no more than the best constant size: $name', ({ workload }) => {
    const size = bestStatic(workload);
    const constant = replay(workload, [size]);
    expect(constant.missPct).toBeLessThanOrEqual(1);
    expect(replay(workload, [size - 1]).missPct).toBeGreaterThan(1);
    expect(oracle(workload).workerMs).toBeLessThan(constant.workerMs);
  });

  it.each(loads)('has plans that come to what was said when they are carried out: $name', ({ workload }) => {
    const trellis = new Trellis(new WindowQueue(workload, resolveOracle({})));
    for (const missMs of [100, 1_000, 10_000]) {
      const { sizes, misses, workerMs } = greedyPlan(trellis, missMs);
      const replayed = replay(workload, sizes);
      expect(replayed.misses).toBe(misses);
      expect(replayed.workerMs).toBeCloseTo(workerMs, 3);
    }
  });

  it('pays for more where less may be missed', () => {
    const judge = new Oracle(loads[0]!.workload);
    const costs = [5, 1, 0.1, 0].map((missPct) => judge.plan(missPct).workerMs);
    expect(costs).toEqual([...costs].sort((a, b) => a - b));
  });

  it('finds the same plan again, whatever it was asked before', () => {
    const { workload } = loads[3]!;
    const asked = new Oracle(workload);
    for (const missPct of [0, 10, 0.3]) asked.plan(missPct);
    expect(asked.plan(1)).toEqual(oracle(workload));
  });

  it('costs less with shorter windows: it is no lower bound', () => {
    const { workload } = loads[2]!;
    expect(oracle(workload, { windowMs: 1_000 }).workerMs).toBeLessThan(oracle(workload).workerMs);
  });

  it('says so where even the most workers miss more', () => {
    const flood = tasks(5_000, [0, 1_000], [0, 1_000], [0, 1_000]);
    const plan = oracle(flood, { max: 1, initial: 1 });
    expect(plan).toEqual({ workerMs: 5_000, missPct: (100 * 2) / 3, sizes: [1], isWithin: false });
  });

  it('refuses options that make no sense', () => {
    const workload = tasks(1_000);
    expect(() => oracle(workload, { windowMs: 0 })).toThrow('oracle.windowMs is 0');
    expect(() => oracle(workload, { min: 8, max: 4 })).toThrow('oracle.max is 4');
    expect(() => oracle(workload, { missPct: 101 })).toThrow('missPct is 101');
    expect(() => oracle(workload, { window: 5 } as object)).toThrow("Did you mean 'windowMs'?");
  });
});

describe('the oracle, by hand', () => {
  const options = { windowMs: 1_000, spawnDelayMs: 100, initial: 1 };

  it('keeps the least workers where nothing comes', () => {
    expect(oracle(tasks(2_500), options)).toEqual({ workerMs: 2_500, missPct: 0, sizes: [1, 1, 1], isWithin: true });
  });

  it('brings a second worker for the window that needs it, and pays for its start', () => {
    const load = tasks(3_000, [1_000, 500], [1_000, 500]);
    // Three seconds of one worker, one second of another, and 100 ms of its start.
    expect(oracle(load, options)).toEqual({ workerMs: 4_100, missPct: 0, sizes: [1, 2, 1], isWithin: true });
  });

  it('lets a task be late that it may miss, and is cheaper for it', () => {
    const load = tasks(3_000, [1_000, 500], [1_000, 500]);
    expect(oracle(load, { ...options, missPct: 50 })).toMatchObject({ workerMs: 3_000, missPct: 50, sizes: [1, 1, 1] });
  });

  it('leaves a task to the next window that is still in time there', () => {
    const load = tasks(2_000, [950, 500], [950, 500]);
    // The second worker is there 50 ms after the second task has come.
    expect(oracle(load, options)).toMatchObject({ workerMs: 3_100, missPct: 0, sizes: [1, 2] });
  });

  it('pays for a worker until it has ended its task', () => {
    const load = tasks(2_000, [0, 1_300], [0, 1_200]);
    // Both start at once. One leaves at 1.2 s, and the other stays.
    expect(oracle(load, options)).toMatchObject({ workerMs: 2_000 + 100 + 1_000 + 200, sizes: [2, 1] });
  });
});

describe('carrying a plan out', () => {
  it.each(loads)('agrees with the simulation of a constant size: $name', ({ workload }) => {
    const size = bestStatic(workload);
    const simulated = simulate(workload, { size });
    const replayed = replay(workload, [size], { initial: size });
    expect(replayed.misses).toBe(simulated.late);
    expect(replayed.workerMs).toBeCloseTo(simulated.workerMs, 3);
    expect(replayed.waits).toEqual(simulated.waits);
  });
});
