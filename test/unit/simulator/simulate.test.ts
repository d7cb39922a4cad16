import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decider, DecisionInput, Guard } from '../../../lib/core/scaling/contract.js';
import { KEPT_DECISIONS } from '../../../lib/core/scaling/decision-log.js';
import { PRESET_NAMES } from '../../../lib/core/scaling/presets.js';
import { simulate as simulateWithCron } from '../../../lib/entries/simulator.js';
import { simulate } from '../../../lib/simulator/simulate.js';
import type { SimulationOptions } from '../../../lib/simulator/simulation-options.js';
import { workloadOf, type Workload } from '../../../lib/simulator/workload.js';
import { seeded } from '../../support/readings.js';

/** A decider that wants the sizes of a list, one a tick; the last one from then on. */
function wishing(...sizes: readonly number[]): Decider & { readonly inputs: DecisionInput[] } {
  const inputs: DecisionInput[] = [];
  return {
    inputs,
    decide(input) {
      inputs.push(input);
      return { target: sizes[Math.min(inputs.length, sizes.length) - 1]!, why: 'a wish' };
    },
  };
}

/** One second, unless it is told otherwise. */
function tasks(arrivals: readonly number[], services: readonly number[] | number, durationMs = 1_000): Workload {
  const each = typeof services === 'number' ? arrivals.map(() => services) : services;
  return workloadOf(arrivals, each, { durationMs });
}

/** Poisson arrivals at a rate per second, exponential services of a mean in milliseconds. */
function random(rate: number, meanMs: number, durationMs: number, seed = 1): Workload {
  const draw = seeded(seed);
  const next = (mean: number) => -Math.log(1 - draw()) * mean;
  const [arrivals, services]: [number[], number[]] = [[], []];
  for (let at = next(1_000 / rate); at < durationMs; at += next(1_000 / rate)) {
    arrivals.push(at);
    services.push(next(meanMs));
  }
  return workloadOf(arrivals, services, { name: 'random', durationMs });
}

describe('a simulated pool of constant size', () => {
  it('lets tasks wait for a free worker, in the order in which they came', () => {
    const result = simulate(tasks([0, 10, 20, 300], 15), { size: 1 });
    expect([...result.waits]).toEqual([0, 5, 10, 0]);
    expect(result).toMatchObject({ tasks: 4, started: 4, late: 0, missPct: 0, meanWaitMs: 3.75, p99WaitMs: 10 });
    expect(result).toMatchObject({ workerMs: 1_000, resizes: [], decisions: [], dropped: 0, failed: 0, faults: [] });
    expect([...simulate(tasks([0, 10, 20, 300], 15), { size: 2 }).waits]).toEqual([0, 0, 0, 0]);
  });

  it('frees a worker before it takes in what comes at the same instant', () => {
    expect([...simulate(tasks([0, 15, 30], 15), { size: 1, queueCapacity: 1 }).waits]).toEqual([0, 0, 0]);
  });

  it('agrees with the recursion of Kiefer and Wolfowitz, whatever comes', () => {
    const times = fc.array(fc.tuple(fc.nat(50), fc.nat(200)), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 5 }), (gaps, size) => {
        let at = 0;
        const arrivals = gaps.map(([gap]) => (at += gap));
        const services = gaps.map(([, service]) => service);
        const free = Array.from({ length: size }, () => 0);
        const expected = arrivals.map((arrival, task) => {
          free.sort((a, b) => a - b);
          const start = Math.max(arrival, free[0]!);
          free[0] = start + services[task]!;
          return start - arrival;
        });
        const { waits } = simulate(tasks(arrivals, services, 1e6), { size });
        expect([...waits]).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  it('counts as late what waits longer than the objective, also what still waits at the end', () => {
    // Starts at 0, 400 and 800; the fourth would at 1,200. The fifth has waited for 50 ms only.
    const workload = tasks([0, 0, 750, 800, 950], 400);
    const result = simulate(workload, { size: 1 });
    expect([...result.waits]).toEqual([0, 400, 50, Number.NaN, Number.NaN]);
    expect(result).toMatchObject({ tasks: 5, started: 3, late: 2, missPct: 40 });
    expect(simulate(workload, { size: 1, scaling: { objectiveMs: 40 } })).toMatchObject({ late: 4, missPct: 80 });
  });

  it('drops what finds the queue full, and counts it as missed', () => {
    const result = simulate(tasks([0, 1, 2, 3, 500], 100), { size: 1, queueCapacity: 1 });
    expect([...result.waits]).toEqual([0, 99, Number.NaN, Number.NaN, 0]);
    expect(result).toMatchObject({ tasks: 5, started: 3, dropped: 2, late: 0, missPct: 40 });
  });

  it('stretches the services of tasks that start while the downstream is slow', () => {
    const workload = tasks([0, 10, 500], 20);
    const { waits } = simulate(workload, { size: 1, serviceFactor: (at) => (at < 15 ? 3 : 1) });
    // The first takes 60 ms.
    expect([...waits]).toEqual([0, 50, 0]);
  });

  it('counts the tasks that fail', () => {
    const failures = [1, 0, 1, 1];
    // The last one ends after the end.
    const workload = workloadOf([0, 1, 2, 990], [20, 20, 20, 20], { durationMs: 1_000, failures });
    expect(simulate(workload, { size: 3 }).failed).toBe(2);
  });
});

describe('a simulated pool that is resized', () => {
  const run = (workload: Workload, decider: Decider, options: SimulationOptions = {}) =>
    simulate(workload, { decider, initial: 1, ...options });

  it('has what it grows by a spawn delay later, and pays for it from the start', () => {
    // Grows at 250 ms; the second worker takes the second task at 400 ms.
    const result = run(tasks([100, 260], 500), wishing(2));
    expect([...result.waits]).toEqual([0, 140]);
    expect(result.workerMs).toBe(1_000 + 750);
    expect(result.resizes).toEqual([{ at: 250, from: 1, to: 2 }]);
    expect(result.sizes).toEqual([
      { at: 0, size: 1, target: 1 },
      { at: 250, size: 2, target: 2 },
    ]);
    expect([...run(tasks([100, 260], 500), wishing(2), { spawnDelayMs: 0 }).waits]).toEqual([0, 0]);
  });

  it('shrinks by idle workers at once, and by busy ones when they have ended', () => {
    // At 250 ms one of three is idle; one of the two others has to leave, and does at 300 ms.
    const result = run(tasks([0, 100, 310], [300, 300, 50]), wishing(1), { initial: 3 });
    expect(result.sizes).toEqual([
      { at: 0, size: 3, target: 3 },
      { at: 250, size: 2, target: 1 },
      { at: 300, size: 1, target: 1 },
    ]);
    expect(result.workerMs).toBe(750 + 100 + 700);
    expect([...result.waits]).toEqual([0, 0, 90]);
  });

  it('keeps who was to leave where it grows again before', () => {
    const result = run(tasks([0, 0], 600), wishing(1, 2), { initial: 2 });
    expect(result.resizes).toHaveLength(2);
    expect(result.workerMs).toBe(2_000);
  });

  it('cancels workers that start first', () => {
    const result = run(tasks([510, 510], 10), wishing(4, 2), { initial: 2, spawnDelayMs: 400 });
    expect([...result.waits]).toEqual([0, 0]);
    expect(result.sizes.map(({ at, size }) => [at, size])).toEqual([
      [0, 2],
      [250, 4],
      [500, 2],
    ]);
    expect(result.workerMs).toBe(2_000 + 500);
  });

  it('of those that start it cancels the youngest first, as a pool does', () => {
    // Begun at 250 and 500 ms; what stays after 750 ms is live at 850, not at 1,100.
    const workload = tasks([0, 800], 1_200, 1_500);
    const { waits } = run(workload, wishing(2, 3, 2), { initial: 1, spawnDelayMs: 600 });
    expect([...waits]).toEqual([0, 50]);
  });

  it('counts a change of direction within a minute as a reversal', () => {
    const sizes = [2, 2, 1, ...Array.from({ length: 240 }, () => 1), 3, 4];
    const { resizes, reversals, reversalsPerHour, resizesPerHour } = run(tasks([], [], 120_000), wishing(...sizes));
    // Up at 0.25 s, down at 0.75 s, up at 61 s, up at 61.25 s: 60.25 s after a shrink is no reversal.
    expect(resizes.map(({ at }) => at)).toEqual([250, 750, 61_000, 61_250]);
    expect([reversals, reversalsPerHour, resizesPerHour]).toEqual([1, 30, 120]);
  });

  it('tells deciders what a pool tells', () => {
    const decider = wishing(2);
    const workload = workloadOf([0, 10, 20, 30], [40, 1_000, 1_000, 1_000], {
      name: 'four tasks',
      durationMs: 500,
      failures: [1, 0, 0, 0],
    });
    run(workload, decider, { initial: 2, max: 8, queueCapacity: 10, name: 'images' });
    const { now, snapshot, signals } = decider.inputs[0]!;
    expect(now).toBe(250);
    expect(snapshot).toMatchObject({
      name: 'images',
      min: 1,
      max: 8,
      target: 2,
      size: 2,
      starting: 0,
      live: 2,
      busy: 2,
    });
    expect(snapshot).toMatchObject({ queueDepth: 1, queueCapacity: 10 });
    expect(snapshot.counters).toEqual({ submitted: 4, completed: 0, failed: 1 });
    expect(snapshot.load).toEqual({ started: 3, late: 0, served: 1, serviceMs: 40, serviceMsSquared: 1_600 });
    expect(snapshot.wait).toMatchObject({ mean: 20 / 3, oldest: 220 });
    expect(snapshot.service).toMatchObject({ mean: 40 });
    expect(signals).toMatchObject({ queueDepth: 0.1, utilization: 1, waitMean: 20 / 3, serviceMean: 40 });
    expect(decider.inputs[1]!.signals).toMatchObject({ errorRate: 0, arrivalRate: 0 });
  });

  it('tells of a queue at once, but at most every 20 ms', () => {
    const heard: [number, number][] = [];
    const decider: Decider = {
      decide: ({ snapshot }) => ({ target: snapshot.target, why: 'it is asked between ticks only' }),
      onQueued({ now, snapshot }) {
        heard.push([now, snapshot.queueDepth]);
        return snapshot.queueDepth < 3 ? null : { target: 2, why: 'three wait' };
      },
    };
    const result = run(tasks([0, 5, 10, 24, 26, 30], 100), decider, { scaling: { tickMs: 10_000 } });
    expect(heard.slice(0, 3)).toEqual([
      [5, 1],
      [26, 4],
      [100, 4],
    ]);
    expect(result.resizes).toEqual([{ at: 26, from: 1, to: 2 }]);
  });

  it('asks the guards that it is given', () => {
    const guard: Guard = { apply: ({ target }) => ({ target: Math.min(3, target), heldBy: 'three are enough' }) };
    const { resizes, decisions } = run(tasks([], []), wishing(9), { guards: [guard] });
    expect(resizes).toEqual([{ at: 250, from: 1, to: 3 }]);
    expect(decisions[0]).toMatchObject({ proposed: 9, to: 3, heldBy: 'three are enough' });
  });

  it('keeps every decision, by the time of the simulation', () => {
    const sizes = Array.from({ length: 1_200 }, (_, tick) => 1 + (tick % 2));
    const { decisions } = run(tasks([], [], 1_300 * 250), { decide: wishing(...sizes).decide });
    // The loop itself damps what flaps, so that not every wish is granted; every one is recorded.
    expect(decisions.length).toBeGreaterThan(KEPT_DECISIONS / 2);
    expect(decisions[0]).toMatchObject({ seq: 1, at: 250, lastAt: 250, from: 1, to: 1, repeated: 0 });
    expect(decisions.map(({ seq }) => seq)).toEqual(decisions.map((_, index) => index + 1));
    const last = decisions.at(-1)!;
    expect(last.lastAt).toBe(1_300 * 250);
    expect(last.lastAt - last.at).toBe(last.repeated * 250);
  });

  it('goes on after a fault of a part, and tells of it', () => {
    let asked = 0;
    const decider: Decider = {
      decide({ snapshot }) {
        if (asked++ === 0) throw new Error('not yet');
        return { target: snapshot.target + 1, why: 'one more' };
      },
    };
    const { faults, resizes } = run(tasks([], [], 1_500), decider);
    expect(faults).toEqual(['not yet']);
    // Tried again a second later, as in production.
    expect(resizes).toEqual([
      { at: 1_250, from: 1, to: 2 },
      { at: 1_500, from: 2, to: 3 },
    ]);
    asked = 0;
    expect(run(tasks([], [], 3_000), decider, { scaling: { onFault: 'freeze' } }).resizes).toEqual([]);
  });
});

describe('a policy in a simulation', () => {
  const load = random(80, 50, 60_000);

  it.each(PRESET_NAMES)('%s runs without a fault', (policy) => {
    const { faults, started, decisions } = simulate(load, { scaling: { policy }, queueCapacity: 1_000 });
    expect(faults).toEqual([]);
    expect(started).toBeGreaterThan(0.9 * load.arrivals.length);
    expect(decisions.length).toBeGreaterThan(0);
  });

  it('is balanced by default, every 250 ms', () => {
    const byDefault = simulate(load);
    expect(byDefault).toEqual(simulate(load, { scaling: 'balanced' }));
    expect(byDefault).toEqual(simulate(load, { scaling: { policy: 'balanced', tickMs: 250, objectiveMs: 100 } }));
    expect(byDefault.resizes.length).toBeGreaterThan(0);
  });

  it('decides the same to the last decision with the same seed, and not with another', () => {
    const run = (seed: number) => simulate(random(80, 50, 60_000), { seed });
    expect(run(7)).toEqual(run(7));
    expect(run(8).decisions).not.toEqual(run(7).decisions);
  });

  it('keeps few tasks late at little cost', () => {
    const { missPct, workerMs } = simulate(random(80, 50, 600_000, 3));
    expect(missPct).toBeLessThan(1);
    // Offered are 4 workers; 10 would keep the objective without any scaling.
    expect(workerMs / 600_000).toBeLessThan(8);
  });

  it('spends fewer workers where it may miss more, and more where less', () => {
    const workers = (policy: 'thrifty' | 'balanced' | 'latency') =>
      simulate(random(80, 50, 600_000, 4), { scaling: { policy } }).workerMs;
    expect(workers('thrifty')).toBeLessThan(workers('balanced'));
    expect(workers('balanced')).toBeLessThan(workers('latency'));
  });

  it('goes by the objective that it is given', () => {
    const workers = (objectiveMs: number) => simulate(load, { scaling: { objectiveMs } }).workerMs;
    expect(workers(10)).toBeGreaterThan(workers(1_000));
  });

  it('knows the time of day that it is told', () => {
    // Three workers from noon on, two before; the simulation starts half a minute before noon.
    const entries = [
      { cron: '0 12 * * *', workers: 3 },
      { cron: '0 0 * * *', workers: 2 },
    ];
    const { resizes } = simulateWithCron(tasks([], [], 60_000), {
      initial: 1,
      scaling: { policy: { decider: wishing(1), forecast: { type: 'schedule', entries, timeZone: 'UTC' } } },
      startsAt: Date.UTC(2026, 0, 1, 11, 59, 30),
    });
    expect(resizes).toEqual([
      { at: 250, from: 1, to: 2 },
      { at: 30_000, from: 2, to: 3 },
    ]);
  });

  it('sees the circuit breaker', () => {
    // From 10 s on every task fails; the breaker opens after ten of them at least, and growth ends.
    const workload = { ...load, failures: Uint8Array.from(load.arrivals, (at) => (at > 10_000 ? 1 : 0)) };
    const greedy: Decider = { decide: ({ snapshot }) => ({ target: snapshot.target + 1, why: 'always one more' }) };
    const policy = { decider: greedy, guards: [{ type: 'breaker' as const }] };
    const { resizes, decisions } = simulate(workload, {
      scaling: { policy, tickMs: 1_000 },
      initial: 6,
      breaker: { windowMs: 4_000, openMs: 100_000 },
    });
    const last = resizes.at(-1)!.at;
    expect(last).toBeGreaterThan(10_000);
    expect(last).toBeLessThan(16_000);
    expect(decisions.at(-1)).toMatchObject({ heldBy: 'breaker open', signals: { breaker: 1 } });
  });
});
