import { describe, expect, it } from 'vitest';
import { divide, type Need } from '../../../../lib/core/budget/divide.js';
import { lateRate } from '../../../../lib/core/budget/late-rate.js';
import type { Proposal } from '../../../../lib/core/scaling/contract.js';
import { DemandMeter } from '../../../../lib/core/scaling/forecasts/demand-meter.js';
import { PoolDemandMeter } from '../../../../lib/core/scaling/guards/pool-demand.js';
import { lateShare } from '../../../../lib/core/scaling/queueing/erlang-c.js';
import { decider } from '../../../support/build.js';
import { inputOf, type InputParts } from '../../../support/decision-inputs.js';
import { fakePool } from '../../../support/fake-pool.js';
import { loadOf, readingOf } from '../../../support/readings.js';

/** 80 tasks a second of 50 ms: four run at a time. */
const LOAD = { arrivalRate: 80, serviceMean: 50 };

describe('a pool whose workers run several tasks at the same time', () => {
  it('tells how many, in snapshots and readings', async () => {
    const { pool } = await fakePool({ worker: { concurrency: 4 } });
    expect(pool.snapshot().concurrency).toBe(4);
    expect(pool.read().concurrency).toBe(4);
  });
});

describe('balanced, with workers that run several tasks at the same time', () => {
  /** The decider after a second of the load, its pool's service times varying as exponential ones do. */
  function fed(parts: InputParts, { rate = 80, serviceMs = 50, seconds = 1 } = {}) {
    const built = decider({ type: 'balanced' });
    const inputAt = (now: number, more: InputParts = {}) => {
      const ended = (rate * now) / 1_000;
      const counters = { submitted: ended, completed: ended, failed: 0 };
      const sums = { serviceMs: ended * serviceMs, serviceMsSquared: 2 * ended * serviceMs ** 2 };
      return inputOf({ now, counters, load: { started: ended, late: 0, served: ended, ...sums }, ...parts, ...more });
    };
    const last = seconds * 1_000;
    let proposal!: Proposal;
    for (let now = 0; now <= last; now += 250) proposal = built.decide(inputAt(now));
    return { proposal, queued: (more: InputParts) => built.onQueued!(inputAt(last, more)) };
  }

  it.each([
    // Late with five servers C(5, 4) exp(-2) = 7.5 %, with six C(6, 4) exp(-4) = 0.5 %: six it is, for E of 1.5 %.
    [1, 6],
    [2, 3],
    [4, 2],
    [5, 2],
    [6, 1],
    [100, 1],
  ])('%i at a time: %i workers', (concurrency, size) => {
    expect(fed({ target: 1, concurrency }).proposal.target).toBe(size);
  });

  it('tells the load in workers', () => {
    expect(fed({ target: 1, concurrency: 4 }).proposal.why).toMatch(
      /would wait over 100 ms under a load of 1 workers$/,
    );
  });

  it('asks for no more than max', () => {
    expect(fed({ target: 1, max: 3, concurrency: 4 }, { rate: 8_000 }).proposal.target).toBe(3);
  });

  it('takes a queue for as surprising as with as many servers', () => {
    const { queued } = fed({ target: 4, concurrency: 2 }, { seconds: 20 });
    // Eight servers: 14 waiting are chance, 15 are not. 4 + 15 x 50 / 50 = 19 servers are ten workers.
    expect(queued({ queueDepth: 14, busy: 4 })).toBeNull();
    expect(queued({ queueDepth: 15, busy: 4 })).toEqual({
      target: 10,
      why: '15 tasks wait, more than 4 workers leave waiting by chance',
    });
    // What starts is counted by the server too: 16 of them, and 20.
    expect(queued({ queueDepth: 15, busy: 4, live: 4, starting: 4, size: 8, target: 8 })).toMatchObject({ target: 10 });
    expect(queued({ queueDepth: 15, busy: 4, live: 4, starting: 6, size: 10, target: 10 })).toBeNull();
  });

  it('near saturation waits until there is work for three objectives of each server', () => {
    const { queued } = fed({ target: 4, concurrency: 2 }, { seconds: 20 });
    // Four servers do 400 ms of work in 100 ms: 1,200 are 24 tasks.
    const two = { live: 2, size: 2, busy: 2, target: 2 };
    expect(queued({ queueDepth: 23, ...two })).toBeNull();
    expect(queued({ queueDepth: 24, ...two })).toMatchObject({ target: 14 });
  });

  it('asks for no more workers than the waiting tasks fill', () => {
    const { queued } = fed({ target: 4, concurrency: 2 }, { rate: 4, serviceMs: 1_000, seconds: 20 });
    expect(queued({ queueDepth: 15, busy: 4 })).toMatchObject({ target: 4 + 8 });
  });

  it('tries one worker for as many tasks as it runs, before it knows how long they take', () => {
    const built = decider({ type: 'balanced' });
    const parts = { target: 2, busy: 1, live: 1, starting: 1, size: 2, concurrency: 3 };
    expect(built.onQueued!(inputOf({ ...parts, queueDepth: 3 }))).toBeNull();
    expect(built.onQueued!(inputOf({ ...parts, queueDepth: 4 }))).toMatchObject({ target: 3 });
  });

  it('takes the busy workers of a pool that does not count for full', () => {
    const built = decider({ type: 'balanced' });
    const parts = { target: 4, busy: 4, concurrency: 2, service: { mean: 50 } };
    built.decide(inputOf(parts));
    const { target } = built.decide(inputOf({ now: 250, ...parts }));
    expect(lateShare(2 * target, 8, 2)).toBeLessThanOrEqual(0.015);
    expect(lateShare(2 * (target - 1), 8, 2)).toBeGreaterThan(0.015);
  });
});

describe('the other deciders that reckon the load', () => {
  const propose = (spec: object, parts: InputParts) => decider(spec).decide(inputOf({ signals: LOAD, ...parts }));

  it('queueing: servers by the formula, and as many workers as that takes', () => {
    // Six servers for 1 %, as above.
    expect(propose({ type: 'queueing' }, { concurrency: 4 })).toEqual({
      target: 2,
      why: 'with a load of 1 workers this keeps those that wait over 100 ms to 1 %',
    });
    expect(propose({ type: 'queueing' }, { concurrency: 4, max: 1 }).target).toBe(1);
  });

  it('queueing: a backlog is worked off by all that a worker runs', () => {
    // 40 x 50 ms of work within 100 ms: 20 servers besides the 4 of the load. Eight servers do 800 ms in time.
    const parts = { target: 4, concurrency: 2 };
    expect(propose({ type: 'queueing' }, { ...parts, queueDepth: 40 }).target).toBe(12);
    expect(propose({ type: 'queueing' }, { ...parts, queueDepth: 15 }).target).toBe(3);
  });

  it('target tracking: 20 that run at a time fill five workers of four', () => {
    // 200/s of 100 ms: 20 at a time fill five workers; at 70 % that is 7.14.
    const signals = { arrivalRate: 200, serviceMean: 100 };
    expect(propose({ type: 'target-tracking' }, { target: 1, signals, concurrency: 4 })).toEqual({
      target: 8,
      why: 'the load keeps 5 workers busy, and 70 % of them shall be',
    });
  });

  it.each([
    // At load 1 the queue is 1/3 with two servers, 1/147 with four, 0.00012 with six: the second worker of two saves 0.327
    // tasks waiting, the third 0.0067.
    [0.33, 1],
    [0.32, 2],
    [0.007, 2],
    [0.006, 3],
  ])('cost-aware: at a price of %d tasks waiting %i workers of two', (workerCost, size) => {
    const signals = { arrivalRate: 20, serviceMean: 50 };
    const spec = { type: 'cost-aware', workerCost, waitCost: 1, objectiveMs: false };
    expect(propose(spec, { signals, concurrency: 2 }).target).toBe(size);
  });

  it('cost-aware: the objective takes five servers, three workers of two', () => {
    const signals = { arrivalRate: 20, serviceMean: 50 };
    const spec = { type: 'cost-aware', workerCost: 1, waitCost: 1, objectiveMs: 10 };
    expect(propose(spec, { signals, concurrency: 2 })).toMatchObject({ target: 3 });
  });
});

describe('forecasts and budgets of pools whose workers run several tasks', () => {
  it('demand is in workers', () => {
    const meter = new DemandMeter(1_000);
    const reading = (submitted: number) =>
      readingOf({ concurrency: 4, counters: { submitted, completed: 0, failed: 0 }, service: { mean: 50 } });
    const { load: _, ...none } = reading(0);
    meter.observe(none, 0);
    // 80 a second of 50 ms.
    expect(meter.observe({ ...none, counters: reading(80).counters! }, 1_000)).toEqual({ bucket: 0, workers: 1 });
  });

  it('a budget is told, and what is late is that of as many servers', () => {
    const meter = new PoolDemandMeter(100);
    const observe = (now: number, submitted: number) =>
      meter.observe(
        readingOf({ concurrency: 2, counters: { submitted, completed: 0, failed: 0 }, load: loadOf([100, 100]) }),
        now,
      );
    observe(0, 0);
    const demand = observe(1_000, 10)!;
    expect(demand).toMatchObject({ arrivalRate: 10, serviceMs: 100, concurrency: 2 });
    // M/M/2 at load 1: a third waits, exp(-1) of those longer than a service time.
    expect(lateRate({ ...demand, variation: 1 }, 1)).toBeCloseTo((10 / 3) * Math.exp(-1), 10);
    // 30 a second keep three servers busy: on two all are late, and 10 a second never served.
    expect(lateRate({ ...demand, arrivalRate: 30 }, 1)).toBeCloseTo(40, 10);
  });

  it('a budget is divided by what workers can do', () => {
    const needOf = (load: number, concurrency: number): Need => {
      const demand = { arrivalRate: load * 10, serviceMs: 100, variation: 1, objectiveMs: 100, concurrency };
      return { min: 1, max: 64, demand };
    };
    const needs = [needOf(6, 1), needOf(6, 3)];
    const costOf = (sizes: readonly number[]) =>
      needs.reduce((sum, { demand }, index) => sum + lateRate(demand, sizes[index]!), 0);
    const splits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((first) => [first, 12 - first]);
    const sizes = divide(12, needs);
    expect(costOf(sizes)).toBeCloseTo(Math.min(...splits.map(costOf)), 12);
    expect(sizes[1]).toBeLessThan(sizes[0]! / 2);
  });
});
