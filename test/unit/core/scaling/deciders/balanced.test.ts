import { describe, expect, it } from 'vitest';
import { PoolConfigError } from '../../../../../lib/core/errors.js';
import type { LoadReading, Proposal } from '../../../../../lib/core/scaling/contract.js';
import { lateShare } from '../../../../../lib/core/scaling/queueing/erlang-c.js';
import { decider } from '../../../../support/build.js';
import { inputOf, type InputParts } from '../../../../support/decision-inputs.js';

/** A pool under steady arrivals, with service times of 50 ms that vary as exponential ones do. */
class Fed {
  readonly decider;
  now = 0;
  submitted = 0;
  served = 0;
  late = 0;

  constructor(
    spec: object = {},
    readonly parts: InputParts = {},
    readonly serviceMs = 50,
  ) {
    this.decider = decider({ type: 'balanced', ...spec });
    this.decider.decide(this.input());
  }

  input(parts: InputParts = {}) {
    const { submitted, served, late, serviceMs } = this;
    const load: LoadReading = {
      started: served,
      late,
      served,
      serviceMs: served * serviceMs,
      serviceMsSquared: served * 2 * serviceMs ** 2,
    };
    const counters = { submitted, completed: served, failed: 0 };
    return inputOf({ now: this.now, counters, load, ...this.parts, ...parts });
  }

  /** Tells what the pool proposes after so many seconds at this rate; ticks are 250 ms. */
  at(rate: number, seconds: number, parts: InputParts = {}): Proposal {
    let proposal: Proposal | null = null;
    for (let tick = 0; tick < seconds * 4; tick++) {
      this.now += 250;
      this.submitted += rate / 4;
      this.served += rate / 4;
      proposal = this.decider.decide(this.input(parts));
    }
    return proposal!;
  }

  queued(parts: InputParts): Proposal | null {
    return this.decider.onQueued!(this.input(parts));
  }
}

describe('the decider balanced', () => {
  it('takes a size that somebody grew the pool to for a need: four spares may stay for 75 / 4 s', () => {
    const pool = new Fed();
    // Until the miss budget has settled.
    const need = pool.at(20, 400, { target: 8 }).target;
    expect(pool.at(20, 50, { target: need }).target).toBe(need);
    expect(pool.at(20, 18.5, { target: need + 4 }).target).toBe(need + 4);
    expect(pool.at(20, 1, { target: need + 4 }).target).toBe(need);
  });

  it('grows to the least size that the formula asks for', () => {
    // 80/s of 50 ms are a load of 4; the wait objective of 100 ms is two service times. E starts at 1.5 %.
    const { target, why } = new Fed().at(80, 1, { target: 4 });
    expect(lateShare(target, 4, 2)).toBeLessThanOrEqual(0.015);
    expect(lateShare(target - 1, 4, 2)).toBeGreaterThan(0.015);
    expect(why).toMatch(/^more than 3\.7\d % of the tasks would wait over 100 ms under a load of 4 workers$/);
  });

  it('grows late, but then to the full need', () => {
    // M/M/1 at 5/s: 0.25 exp(-0.75 x 2) = 5.6 % are late. With a budget of 1 % E is 3.75 % and 2.5 E 9.4 %: it can wait.
    expect(new Fed({ miss: 0.01 }).at(5, 1, { target: 1 })).toEqual({
      target: 1,
      why: 'the size suits a load of 0.25 workers',
    });
    // At 7/s: 0.35 exp(-0.65 x 2) = 9.5 % (C is the load itself).
    expect(new Fed({ miss: 0.01 }).at(7, 1, { target: 1 }).target).toBe(2);
    // With 0.4 % 2.5 E is 3.75 %, below 5.6 %.
    expect(new Fed().at(5, 1, { target: 1 }).target).toBe(2);
  });

  it('follows a jump within two ticks', () => {
    const fed = new Fed();
    const before = fed.at(80, 20, { target: 9 }).target;
    const [first, second] = [fed.at(320, 0.25, { target: 9 }).target, fed.at(320, 0.25, { target: 9 }).target];
    expect(before).toBe(9);
    // The fast average after one tick is 80 + 240 x 0.221 = 133, after two 174: loads of 6.65 and 8.72.
    expect(lateShare(first, 6.65, 2)).toBeLessThanOrEqual(0.017);
    expect(lateShare(first - 1, 6.65, 2)).toBeGreaterThan(0.015);
    expect(lateShare(second, 8.72, 2)).toBeLessThanOrEqual(0.017);
    expect(lateShare(second - 1, 8.72, 2)).toBeGreaterThan(0.015);
  });

  it.each([
    [{}, 10, 7.5],
    [{}, 1, 75],
    [{ miss: 0.01, spareSeconds: 20 }, 1, 20],
    // What one spare costs is looked back upon, however long it is.
    [{ miss: 0.001, spareSeconds: 300 }, 1, 300],
  ])('with %o it lets %i spares go after %d s', (spec, spares, seconds) => {
    // Nothing to do, so that one worker is needed from the first tick that counts.
    const target = 1 + spares;
    const fed = new Fed(spec);
    fed.served = 2;
    fed.at(0, 0.25, { target });
    expect(fed.at(0, seconds - 0.25, { target }).target).toBe(target);
    expect(fed.at(0, 0.25, { target })).toEqual({
      target: 1,
      why: `no more than 1 were needed in the last ${seconds} s`,
    });
  });

  it('spends the misses that it may: fewer workers while nobody is late, more when many are', () => {
    const size = (late: number) => {
      const fed = new Fed();
      for (let second = 0; second < 600; second++) {
        fed.late += late;
        fed.at(80, 1, { target: 1 });
      }
      return fed.at(80, 1, { target: 1 }).target;
    };
    // E is 5 % and 0.2 % then.
    expect(lateShare(size(0), 4, 2)).toBeLessThanOrEqual(0.05);
    expect(lateShare(size(0) - 1, 4, 2)).toBeGreaterThan(0.05);
    expect(lateShare(size(8), 4, 2)).toBeLessThanOrEqual(0.002);
    expect(lateShare(size(8) - 1, 4, 2)).toBeGreaterThan(0.002);
  });

  it('takes the objective of the policy where it has none of its own', () => {
    const size = (objectiveMs: number, spec: object) => {
      const built = decider({ type: 'balanced', ...spec }, { objectiveMs });
      const fed = new Fed();
      built.decide(fed.input());
      fed.at(80, 0.25);
      return built.decide(fed.input({ target: 1 })).target;
    };
    expect(size(10, {})).toBeGreaterThan(size(100, {}));
    expect(size(10, { objectiveMs: 100 })).toBe(size(100, {}));
  });

  it('at the ceiling says where that is less than the load takes', () => {
    const why = (rate: number) => new Fed().at(rate, 30, { target: 8, max: 8 }).why;
    expect(why(200)).toBe('the most that it may have, 8, are too few for a load of 10 workers');
    expect(why(120)).toBe('the size suits a load of 6 workers');
  });

  it('stays within the bounds of the pool', () => {
    expect(new Fed({}, { max: 6 }).at(800, 1, { target: 2 }).target).toBe(6);
    const fed = new Fed({ spareSeconds: 8 }, { min: 3 });
    fed.served = 2;
    // The two beyond the floor are spares, not four.
    expect(fed.at(0, 4, { target: 5 }).target).toBe(5);
    expect(fed.at(0, 0.25, { target: 5 }).target).toBe(3);
    expect(fed.at(0, 60, { target: 3 }).target).toBe(3);
  });
});

describe('the decider balanced, while tasks wait', () => {
  /** 80/s of 50 ms, a load of 4. */
  function settled(parts: InputParts = {}): Fed {
    const fed = new Fed({}, { target: 8, ...parts });
    fed.at(80, 20);
    return fed;
  }

  it('grows at once for a queue that chance does not explain', () => {
    // r = 4 / 8, C(8, 4) = 0.059, A = 80 x 0.059 x 0.5 = 2.36 a second: 0.5^(Q - 1) is below 1 / 8,500 from 14.05 on.
    const fed = settled();
    expect(fed.queued({ queueDepth: 14, busy: 8 })).toBeNull();
    // 4 + 15 x 50 / 50 = 19 of 23 that would take all at once.
    expect(fed.queued({ queueDepth: 15, busy: 8 })).toEqual({
      target: 19,
      why: '15 tasks wait, more than 8 workers leave waiting by chance',
    });
  });

  it('reckons with the faster of the two rates', () => {
    // One tick at 200/s: fast 80 + 120 x 0.221 = 106.5, slow 87.3, which is within noise. 106.5 x 0.05 + 20 = 25.3.
    const fed = settled();
    fed.at(200, 0.25);
    expect(fed.queued({ queueDepth: 20, busy: 8 })).toMatchObject({ target: 26 });
  });

  it('counts the workers that start: they are what the queue waits for', () => {
    expect(settled().queued({ queueDepth: 15, busy: 8, live: 8, starting: 8, size: 16, target: 16 })).toMatchObject({
      target: 19,
    });
    expect(settled().queued({ queueDepth: 15, busy: 8, live: 8, starting: 12, size: 20, target: 20 })).toBeNull();
  });

  it('near saturation waits for the tick, unless there is work for three objectives', () => {
    const fed = settled();
    // Five workers do 500 ms of work in 100 ms: 1,500 are 30 tasks. Four and less than 95 % of four are the same to it.
    const busy = { live: 4, size: 4, busy: 4, target: 4 };
    expect(fed.queued({ queueDepth: 23, ...busy })).toBeNull();
    expect(fed.queued({ queueDepth: 24, ...busy })).toMatchObject({ target: 28 });
  });

  it('asks for no more than can be, nor for more than there are tasks', () => {
    // Long tasks: 4 + 30 x 1,000 / 50 would be 604 workers.
    const fed = new Fed({}, { target: 8 }, 1_000);
    fed.at(4, 20);
    expect(fed.queued({ queueDepth: 16, busy: 8 })).toMatchObject({ target: 24 });
    expect(fed.queued({ queueDepth: 90, busy: 8 })).toMatchObject({ target: 32 });
    expect(settled().queued({ queueDepth: 15, busy: 8, target: 19 })).toBeNull();
  });

  it('takes one task for no queue', () => {
    const fed = new Fed({}, { target: 8 }, 50_000);
    fed.served = 1;
    expect(fed.queued({ queueDepth: 1, busy: 8 })).toBeNull();
    expect(fed.queued({ queueDepth: 2, busy: 8 })).not.toBeNull();
  });

  it('remembers what a queue needed', () => {
    const fed = settled();
    fed.queued({ queueDepth: 15, busy: 8 });
    // Six are enough for the load (0.5 % late): 13 spares for 5.77 s, counted from the first tick after it.
    expect(fed.at(80, 6, { target: 19 }).target).toBe(19);
    expect(fed.at(80, 0.25, { target: 19 })).toEqual({
      target: 6,
      why: 'no more than 6 were needed in the last 6 s',
    });
  });
});

describe('the decider balanced, before it knows how long a task takes', () => {
  it('takes one worker more until as many start as tasks wait, at ticks and between them', () => {
    const fed = new Fed({}, { target: 2, busy: 2 });
    const probed = { target: 3, why: '3 tasks wait, and how long one takes is not yet known' };
    expect(fed.decider.decide(fed.input({ queueDepth: 3, starting: 2 }))).toEqual(probed);
    expect(fed.queued({ queueDepth: 3, starting: 2 })).toEqual(probed);
    expect(fed.queued({ queueDepth: 3, starting: 3 })).toBeNull();
    expect(fed.decider.decide(fed.input({ queueDepth: 3, starting: 3 }))).toEqual({
      target: 2,
      why: 'no task has ended yet, so that their length is unknown',
    });
  });

  it('goes by the first task that ends, also between two ticks', () => {
    const fed = new Fed({}, { target: 2, busy: 2 });
    fed.served = 1;
    // Without a rate any queue is a surprise: 4 x 50 / 50.
    expect(fed.queued({ queueDepth: 4 })).toMatchObject({ target: 4 });
    expect(fed.decider.decide(fed.input()).why).toBe('it has not yet counted arrivals for a while');
  });
});

describe('the decider balanced, for a pool that does not count', () => {
  it('never proposes what is no number', () => {
    const built = decider({ type: 'balanced' });
    const bare = { target: 4, busy: 4 };
    for (const [tick, parts] of [
      bare,
      { ...bare, service: { mean: Number.NaN } },
      { ...bare, service: { mean: 0 } },
      { ...bare, service: { mean: 50 }, queueDepth: 9 },
      { ...bare, counters: { submitted: 7, completed: 0, failed: 0 } },
      { ...bare, live: 0, size: 0 },
    ].entries()) {
      const input = inputOf({ now: tick * 250, ...parts });
      expect(built.decide(input).target).toBeGreaterThanOrEqual(1);
      expect(built.onQueued!(input)?.target ?? 1).toBeGreaterThanOrEqual(1);
    }
  });

  it('goes by the busy workers and the mean service time', () => {
    const built = decider({ type: 'balanced' });
    const parts = { target: 4, busy: 4, service: { mean: 50 } };
    built.decide(inputOf(parts));
    const { target } = built.decide(inputOf({ now: 250, ...parts }));
    expect(lateShare(target, 4, 2)).toBeLessThanOrEqual(0.015);
    expect(lateShare(target - 1, 4, 2)).toBeGreaterThan(0.015);
  });

  it('does with tasks that take no time', () => {
    const fed = new Fed({}, {}, 0);
    expect(fed.at(1_000, 1).target).toBe(4);
    expect(fed.queued({ queueDepth: 9, busy: 4 })).toBeNull();
  });
});

describe('the options of balanced', () => {
  it.each([
    [{ spareSeconds: 0 }, /decider\.spareSeconds is 0/],
    [{ spareSeconds: Infinity }, /decider\.spareSeconds is Infinity/],
    [{ miss: 0 }, /decider\.miss is 0/],
    [{ miss: 1 }, /decider\.miss is 1/],
    [{ objectiveMs: -1 }, /decider\.objectiveMs is -1/],
    [{ memoryMs: 100 }, /decider\.memoryMs is 100, but must be at least the tick/],
    [{ memoryMs: 60_000 }, /decider\.memoryMs is 60000, but must be at least spareSeconds, 75 s: the last spare would/],
    [{ spareSecond: 9 }, /has no option "spareSecond"\. Did you mean 'spareSeconds'\?/],
  ])('refuses %o', (change, message) => {
    expect(() => decider({ type: 'balanced', ...change })).toThrow(PoolConfigError);
    expect(() => decider({ type: 'balanced', ...change })).toThrow(message);
  });
});
