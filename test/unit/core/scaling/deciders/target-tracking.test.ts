import { describe, expect, it } from 'vitest';
import { decider } from '../../../../support/build.js';
import { inputOf } from '../../../../support/decision-inputs.js';

describe('the target tracking decider (D5)', () => {
  const track = (options: object, arrivalRate: number, serviceMean: number, target = 1) =>
    decider({ type: 'target-tracking', ...options }).decide(inputOf({ target, signals: { arrivalRate, serviceMean } }));

  it.each([
    // S4 Q15: 200/s x 100 ms are 20 busy workers; at 70 % 28.57.
    [200, 100, {}, 29],
    [200, 100, { utilization: 0.5 }, 40],
    // Exactly 10 / 0.5: rounding errors do not cost a worker.
    [100, 100, { utilization: 0.5 }, 20],
    [7, 1_000, { utilization: 0.7 }, 10],
    [0, 100, {}, 1],
    [0.1, 100, {}, 1],
  ])('%d tasks a second of %d ms, %o: %i workers', (rate, service, options, size) => {
    expect(track(options, rate, service, 64).target).toBe(size);
  });

  it('tells the load and the share', () => {
    expect(track({}, 200, 100).why).toBe('the load keeps 20 workers busy, and 70 % of them shall be');
  });

  it('stays while the size is off by no more than the tolerance', () => {
    // 28.57 workers would be exact.
    expect([26, 27, 31, 32].map((target) => track({}, 200, 100, target).target)).toEqual([26, 27, 31, 29]);
    expect(track({ tolerance: 0 }, 200, 100, 28).target).toBe(29);
  });

  it.each([
    [{ utilization: 0 }, /decider\.utilization is 0, but must be a finite number above 0 and below 1/],
    [{ utilization: 1 }, /decider\.utilization is 1/],
    [{ utilization: 70 }, /decider\.utilization is 70/],
    [{ tolerance: -0.1 }, /decider\.tolerance is -0\.1/],
  ])('refuses %o', (options, message) => {
    expect(() => track(options, 1, 1)).toThrow(message);
  });
});
