import { describe, expect, it } from 'vitest';
import type { Decider } from '../../../../../lib/core/scaling/contract.js';
import { decider } from '../../../../support/build.js';
import { inputOf, type InputParts } from '../../../../support/decision-inputs.js';

/**
 * Calls to a downstream that serves at most 16 at once: up to there a call takes 100 ms, beyond it they share. More calls
 * than there are slots are always waiting, unless `demand` says how many there are.
 */
class Downstream {
  #served = 0;
  #serviceMs = 0;
  #now = 0;
  target: number;

  constructor(
    target: number,
    readonly max = 64,
  ) {
    this.target = target;
  }

  /** Lets `ms` pass and asks the decider; what it proposes is applied. */
  tick(built: Decider, ms: number, { capacity = 16, demand = Infinity } = {}): number {
    const busy = Math.min(this.target, demand);
    const callMs = 100 * Math.max(1, busy / capacity);
    const served = (busy * ms) / callMs;
    this.#now += ms;
    this.#served += served;
    this.#serviceMs += served * callMs;
    const load = { started: 0, late: 0, served: this.#served, serviceMs: this.#serviceMs, serviceMsSquared: 0 };
    const parts: InputParts = { now: this.#now, target: this.target, max: this.max, busy, load };
    const queueDepth = demand > this.target ? 50 : 0;
    const proposed = built.decide(inputOf({ ...parts, queueDepth })).target;
    this.target = Math.max(1, Math.min(this.max, proposed));
    return this.target;
  }

  run(built: Decider, ticks: number, ms: number, options?: { capacity?: number; demand?: number }): number[] {
    return Array.from({ length: ticks }, () => this.tick(built, ms, options));
  }
}

describe('hill climbing on throughput (async pools)', () => {
  const build = (options: object = {}) => decider({ type: 'hill-climbing', ...options });

  it('climbs to where throughput stops rising, and stays about there', () => {
    const sizes = new Downstream(4).run(build(), 400, 500);
    const last = sizes.slice(-100);
    expect(Math.min(...last)).toBeGreaterThanOrEqual(8);
    expect(Math.max(...last)).toBeLessThanOrEqual(24);
  });

  it('comes down when the downstream can take less, if slowly, as in .NET', () => {
    const downstream = new Downstream(4);
    const built = build();
    downstream.run(built, 400, 500, { capacity: 40 });
    expect(downstream.target).toBeGreaterThan(24);
    const sizes = downstream.run(built, 2_000, 500, { capacity: 8 });
    expect(Math.max(...sizes.slice(-50))).toBeLessThanOrEqual(16);
  });

  it('learns nothing while workers are idle', () => {
    const sizes = new Downstream(12).run(build(), 100, 500, { demand: 3 });
    expect(new Set(sizes)).toEqual(new Set([12]));
  });

  it('keeps the size within a sample', () => {
    const built = build({ sampleMs: 1_000 });
    const sizes = new Downstream(4).run(built, 4, 250);
    expect(sizes.slice(0, 4)).toEqual([4, 4, 4, 4]);
  });

  it('stays within the bounds', () => {
    const sizes = new Downstream(4, 10).run(build(), 400, 500, { capacity: 60 });
    expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(1);
  });

  it('makes the same moves of the same figures', () => {
    const [a, b] = [new Downstream(4).run(build(), 200, 500), new Downstream(4).run(build(), 200, 500)];
    expect(a).toEqual(b);
  });

  it('stays where the pool does not count what ended', () => {
    expect(build().decide(inputOf())).toEqual({ target: 4, why: 'it has not yet seen tasks end' });
  });

  it.each([
    [{ sampleMs: 100 }, /decider\.sampleMs is 100, but must be at least the tick, 250 ms/],
    [{ bias: 1 }, /decider\.bias is 1/],
    [{ bias: -0.1 }, /decider\.bias is -0\.1/],
    [{ maxWave: 0 }, /decider\.maxWave is 0/],
    [{ maxPerSecond: 0 }, /decider\.maxPerSecond is 0/],
  ])('refuses %o', (options, message) => {
    expect(() => build(options)).toThrow(message);
  });
});

describe('Gradient2 (async pools)', () => {
  const build = (options: object = {}) => decider({ type: 'gradient2', ...options });

  it('moves as the formula has it', () => {
    const downstream = new Downstream(10);
    const built = build({ tolerance: 1 });
    // The first reading is the base of the differences. Then 10 calls of 100 ms for a second: usual, so that the limit
    // becomes 0.8 x 10 + 0.2 x (10 + 4) = 10.8, and 11.6 with the next.
    expect(downstream.run(built, 3, 1_000)).toEqual([10, 10, 11]);
  });

  it('shrinks as service times rise, by half at the most before smoothing', () => {
    const built = build({ tolerance: 1, headroom: 1 });
    const calls = { served: 0, serviceMs: 0 };
    const after = (now: number, target: number, ms: number) => {
      calls.served += 100;
      calls.serviceMs += 100 * ms;
      const load = { started: 0, late: 0, serviceMsSquared: 0, ...calls };
      return built.decide(inputOf({ now, target, max: 64, busy: target, load }));
    };
    after(0, 20, 100);
    // 0.8 x 20 + 0.2 x 21 = 20.2
    expect(after(1_000, 20, 100)).toEqual({ target: 20, why: 'tasks take 100 ms, usually 100 ms' });
    // The mean of the first samples is 550 now: 550 / 1,000 = 0.55; 0.8 x 20.2 + 0.2 x (11.11 + 1) = 18.58.
    expect(after(2_000, 20, 1_000)).toEqual({ target: 18, why: 'tasks take 1000 ms, usually 550 ms' });
    // (100 + 1,000 + 10,000) / 3 = 3,700 of 10,000 is less than half: 0.8 x 18.58 + 0.2 x (9.29 + 1) = 16.92.
    expect(after(3_000, 18, 10_000).target).toBe(16);
  });

  it('settles well below what a pool without a limit would take', () => {
    const sizes = new Downstream(4).run(build(), 300, 1_000);
    expect(sizes.at(-1)).toBeGreaterThanOrEqual(16);
    expect(sizes.at(-1)).toBeLessThan(64);
  });

  it('does not move while most of the limit is unused', () => {
    const downstream = new Downstream(12);
    const sizes = downstream.run(build(), 100, 1_000, { demand: 5 });
    expect(new Set(sizes)).toEqual(new Set([12]));
  });

  it('begins with the limit that it was given, within the bounds, and never below the size', () => {
    const at = (target: number, max: number) => build({ initial: 20 }).decide(inputOf({ target, max })).target;
    expect([at(1, 64), at(1, 8), at(30, 64)]).toEqual([20, 8, 30]);
  });

  it('waits for ten tasks to end before it moves', () => {
    const sizes = new Downstream(1).run(build(), 5, 250);
    expect(sizes).toEqual([1, 1, 1, 1, 1]);
  });

  it('stays where the pool does not count what ended', () => {
    const built = build();
    for (const now of [0, 1_000, 2_000]) {
      expect(built.decide(inputOf({ now }))).toEqual({ target: 4, why: 'it has not yet seen tasks end' });
    }
  });

  it('goes by the mean service time of a pool that counts no load', () => {
    const built = build();
    const at = (now: number, completed: number) =>
      built.decide(
        inputOf({
          now,
          target: 10,
          busy: 10,
          counters: { submitted: 0, completed, failed: 0 },
          service: { mean: 80 },
        }),
      );
    at(0, 0);
    expect(at(1_000, 100)).toEqual({ target: 10, why: 'tasks take 80 ms, usually 80 ms' });
    expect(at(2_000, 200).target).toBe(11);
  });

  it.each([
    [{ tolerance: 0.9 }, /decider\.tolerance is 0\.9/],
    [{ smoothing: 0 }, /decider\.smoothing is 0, but must be a finite number above 0 and up to 1/],
    [{ headroom: 0 }, /decider\.headroom is 0/],
    [{ sampleMs: 0 }, /decider\.sampleMs is 0/],
    [{ longSamples: 0 }, /decider\.longSamples is 0/],
    [{ initial: 0 }, /decider\.initial is 0/],
  ])('refuses %o', (options, message) => {
    expect(() => build(options)).toThrow(message);
  });
});

describe('a ceiling', () => {
  const wants = (target: number): Decider => ({ decide: () => ({ target, why: 'the load' }), needs: ['load'] });
  const bears = (target: number): Decider => ({ decide: () => ({ target, why: 'the limit' }), needs: ['load', 'rtt'] });

  it.each([
    [5, 9, 5, 'the load'],
    [9, 9, 9, 'the load'],
    [12, 9, 9, 'the load; but the limit'],
  ])('of %i wanted and %i borne proposes %i: %s', (wanted, borne, target, why) => {
    const built = decider({ type: 'ceiling', decider: wants(wanted), limit: bears(borne) });
    expect(built.decide(inputOf())).toEqual({ target, why });
    expect(built.needs).toEqual(['load', 'rtt']);
    expect(built.onQueued).toBeUndefined();
  });

  it('holds for what is proposed between two ticks as well, by the last limit', () => {
    const inner: Decider = { ...wants(2), onQueued: () => ({ target: 20, why: 'tasks wait' }) };
    const built = decider({ type: 'ceiling', decider: inner, limit: bears(9) });
    expect(built.onQueued!(inputOf())).toBeNull();
    built.decide(inputOf());
    expect(built.onQueued!(inputOf())).toEqual({ target: 9, why: 'tasks wait; but the limit' });
  });

  it('takes specs, and says where one is wrong', () => {
    const spec = { type: 'ceiling', decider: { type: 'target-tracking' }, limit: { type: 'gradient2', headroom: -1 } };
    expect(() => decider(spec)).toThrow(/^pool 'images': decider\.limit\.headroom is -1/);
    expect(() => decider({ type: 'ceiling', limit: { type: 'gradient2' } })).toThrow(/decider\.decider is undefined/);
  });
});
