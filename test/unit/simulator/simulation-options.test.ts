import { describe, expect, it } from 'vitest';
import { PoolConfigError } from '../../../lib/core/errors.js';
import { simulate } from '../../../lib/simulator/simulate.js';
import type { SimulationOptions } from '../../../lib/simulator/simulation-options.js';
import { workloadOf, type Workload } from '../../../lib/simulator/workload.js';

const stay = { decide: () => ({ target: 1, why: 'it is fine' }) };
const empty = workloadOf([], []);

describe('the options of a simulation', () => {
  it.each<[object, RegExp]>([
    [{ intial: 4 }, /simulate has no option "intial"\. Did you mean 'initial'/],
    [{ min: 0 }, /min is 0, but must be a whole number from 1/],
    [{ max: 2_000 }, /max is 2000, but must be a whole number from 1 to 1,024/],
    [{ min: 5, max: 4 }, /min is 5, but must be at most max, which is 4/],
    [{ initial: 9, max: 8 }, /initial is 9, but must be from min to max, 1 to 8/],
    [{ size: 1.5 }, /size is 1\.5/],
    [{ size: 2, max: 4 }, /size is constant/],
    [{ size: 2, scaling: { policy: 'balanced' } }, /size is constant/],
    [{ spawnDelayMs: -1 }, /spawnDelayMs is -1/],
    [{ queueCapacity: 0 }, /queueCapacity is 0/],
    [{ serviceFactor: 2 }, /serviceFactor is 2, but must be a function/],
    [{ seed: 'x' }, /seed is "x"/],
    [{ name: '' }, /name is ""/],
    [{ scaling: { policy: 'balancd' } }, /scaling\.policy is "balancd", which is no preset\. Did you mean 'balanced'/],
    [{ scaling: 'balancd' }, /scaling\.policy is "balancd"/],
    [{ scaling: false }, /scaling is false, but must be left out where there is to be none: set size/],
    [{ startsAt: Number.NaN }, /startsAt is NaN/],
    [{ size: 2, scaling: 'balanced' }, /size is constant/],
    [{ scaling: { tick: 5 } }, /scaling has no option "tick"/],
    [{ scaling: { tickMs: 0 } }, /scaling\.tickMs is 0/],
    [{ scaling: { objectiveMs: Number.NaN } }, /scaling\.objectiveMs is NaN/],
    [{ scaling: { onFault: 'ignore' } }, /scaling\.onFault is "ignore"/],
    [{ guards: [] }, /guards is an array, but must be left out where there is no decider/],
    [{ decider: stay, scaling: { policy: 'balanced' } }, /decider is an object, but must be left out/],
    [{ breaker: { badShare: 0 } }, /breaker\.badShare is 0/],
    [{ breaker: { opnMs: 5 } }, /breaker has no option "opnMs"\. Did you mean 'openMs'/],
    [{ breaker: { leastTasks: 0 } }, /breaker\.leastTasks is 0/],
    [{ breaker: { whenOpen: { takesMs: 0 } } }, /breaker\.whenOpen\.takesMs is 0/],
    [{ breaker: { whenOpen: {} } }, /breaker\.whenOpen\.takesMs is undefined/],
    [{ breaker: { whenOpen: { takesMs: 1, fails: 'no' } } }, /breaker\.whenOpen\.fails is "no"/],
    [
      { breaker: { whenOpen: { takesMs: 1, fail: true } } },
      /breaker\.whenOpen has no option "fail"\. Did you mean 'fails'/,
    ],
  ])('refuses %o', (options, message) => {
    expect(() => simulate(empty, options as SimulationOptions)).toThrow(PoolConfigError);
    expect(() => simulate(empty, options as SimulationOptions)).toThrow(message);
  });

  it('refuses a factor that makes no service time, when it comes up', () => {
    const workload = workloadOf([1], [1]);
    expect(() => simulate(workload, { size: 1, serviceFactor: () => Number.NaN })).toThrow(
      /serviceFactor\(1\) is NaN, but must be a finite number from 0/,
    );
  });

  it.each<[Partial<Record<keyof Workload, unknown>>, RegExp]>([
    [{ arrivals: [1, 2] }, /workload\.arrivals is an array, but must be a Float64Array/],
    [{ services: new Float64Array(3) }, /workload\.services has 3 entries, but must have one for each arrival, 2/],
    [{ failures: new Uint8Array(1) }, /workload\.failures has 1 entries/],
    [{ failures: [0, 1] }, /workload\.failures is an array/],
    [{ arrivals: Float64Array.of(2, 1) }, /workload\.arrivals\[1\] is 1, but must be finite and at least 2/],
    [{ arrivals: Float64Array.of(-1, 1) }, /workload\.arrivals\[0\] is -1/],
    [{ services: Float64Array.of(1, Number.NaN) }, /workload\.services\[1\] is NaN/],
    [{ durationMs: 0 }, /workload\.durationMs is 0/],
    [{ name: 7 }, /workload\.name is 7/],
  ])('refuses a workload with %o', (part, message) => {
    const workload = { ...workloadOf([1, 2], [1, 1]), ...part } as Workload;
    expect(() => simulate(workload, { size: 1 })).toThrow(PoolConfigError);
    expect(() => simulate(workload, { size: 1 })).toThrow(message);
  });

  it('takes a pool within bounds of its own, and starts it within them', () => {
    const size = (options: SimulationOptions) => simulate(empty, { decider: stay, ...options }).sizes[0]!.size;
    expect([size({}), size({ max: 1 }), size({ min: 5 }), size({ min: 80 })]).toEqual([2, 1, 5, 80]);
  });
});
