import { describe, expect, it } from 'vitest';
import { lateShare } from '../../../../../lib/core/scaling/queueing/erlang-c.js';
import { decider } from '../../../../support/build.js';
import { inputOf, type InputParts } from '../../../../support/decision-inputs.js';

const QUEUEING = { type: 'queueing', objectiveMs: 100 };

/** 80 tasks a second of 50 ms: a load of 4 workers. */
const LOAD = { arrivalRate: 80, serviceMean: 50 };

describe('the queueing decider (D5)', () => {
  const propose = (spec: object, parts: InputParts) => decider(spec).decide(inputOf(parts));

  it.each([
    // One worker, M/M/1: at 5/s of 50 ms 0.25 exp(-0.75 x 2) = 5.6 % are late; two: 1/36 exp(-1.75 x 2) = 0.08 %.
    [{ arrivalRate: 5, serviceMean: 50 }, 0.06, 1],
    [{ arrivalRate: 5, serviceMean: 50 }, 0.05, 2],
    // Load 1, 10 ms each: C(2) exp(-10) and C(1) = 1.
    [{ arrivalRate: 100, serviceMean: 10 }, 0.01, 2],
    [{ arrivalRate: 0, serviceMean: 50 }, 0.01, 1],
  ])('for %o with a share of %d late: %i workers', (signals, late, size) => {
    expect(propose({ ...QUEUEING, late }, { signals }).target).toBe(size);
  });

  it('proposes the least workers that meet the objective, by the formula', () => {
    const { target, why } = propose(QUEUEING, { signals: LOAD });
    expect(lateShare(target, 4, 2)).toBeLessThanOrEqual(0.01);
    expect(lateShare(target - 1, 4, 2)).toBeGreaterThan(0.01);
    expect(why).toBe('with a load of 4 workers this keeps those that wait over 100 ms to 1 %');
  });

  it('takes more workers where service times vary more, and fewer where they do not', () => {
    const [constant, exponential, wild] = [0, 1, 6].map(
      (serviceScv) => propose({ ...QUEUEING, late: 0.005 }, { signals: { ...LOAD, serviceScv } }).target,
    );
    expect(constant).toBeLessThan(exponential!);
    expect(exponential).toBeLessThan(wild!);
    expect(propose({ ...QUEUEING, late: 0.005 }, { signals: LOAD }).target).toBe(exponential);
  });

  it('does not let a few stragglers ask for everything: variation counts up to 8', () => {
    const size = (serviceScv: number) => propose(QUEUEING, { signals: { ...LOAD, serviceScv } }).target;
    expect(size(5_000)).toBe(size(8));
  });

  it('works a queue off that is longer than the objective allows', () => {
    // 40 tasks of 50 ms are 2,000 ms of work: 20 workers do it within 100 ms, besides the 4 that the load needs.
    expect(propose(QUEUEING, { signals: LOAD, target: 8, queueDepth: 40 })).toEqual({
      target: 24,
      why: '40 tasks wait, more than 8 workers clear in time',
    });
    // 8 workers do 800 ms of work within the objective: 15 tasks are no reason.
    expect(propose(QUEUEING, { signals: LOAD, target: 8, queueDepth: 15 }).target).toBe(
      propose(QUEUEING, { signals: LOAD }).target,
    );
  });

  it('answers a queue between two ticks by the load of the last one', () => {
    const built = decider(QUEUEING);
    const queued = inputOf({ target: 8, queueDepth: 40 });
    expect(built.onQueued!(queued)).toBeNull();
    built.decide(inputOf({ signals: LOAD }));
    expect(built.onQueued!(queued)).toMatchObject({ target: 24 });
    expect(built.onQueued!(inputOf({ target: 8, queueDepth: 3 }))).toBeNull();
  });

  it('never asks for more than there can be', () => {
    expect(propose(QUEUEING, { signals: { arrivalRate: 1e6, serviceMean: 1_000 }, max: 16 }).target).toBe(16);
  });

  it('needs rate and service time, and the variation only where it is told its name', () => {
    expect(decider(QUEUEING).needs).toEqual(['arrivalRate', 'serviceMean']);
    expect(decider({ ...QUEUEING, serviceScv: 'spread' }).needs).toEqual(['arrivalRate', 'serviceMean', 'spread']);
  });

  it("takes the policy's objective where it has none of its own", () => {
    const signals = { arrivalRate: 5, serviceMean: 50 };
    const size = (objectiveMs: number) =>
      decider({ type: 'queueing' }, { objectiveMs }).decide(inputOf({ signals })).target;
    expect([size(300), size(200), size(1)]).toEqual([1, 2, 3]);
  });

  it.each([
    [{ objectiveMs: 0 }, /decider\.objectiveMs is 0, but must be a number of milliseconds above 0/],
    [{ objectiveMs: -5 }, /decider\.objectiveMs is -5/],
    [{ late: 0 }, /decider\.late is 0/],
    [{ late: 1 }, /decider\.late is 1/],
    [{ quantile: 0.99 }, /has no option "quantile"/],
  ])('refuses %o', (change, message) => {
    expect(() => decider({ ...QUEUEING, ...change })).toThrow(message);
  });
});
