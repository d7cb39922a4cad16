import { describe, expect, it } from 'vitest';
import { decider } from '../../../../support/build.js';
import { inputOf } from '../../../../support/decision-inputs.js';

describe('the wait-time decider (D1, S1 T6)', () => {
  const COURSE = { type: 'wait-time', upMs: 500, downMs: 20, stepUp: 2 };

  it.each([
    [501, 300, 6, '1 in 100 tasks waits 501 ms or longer, above 500 ms'],
    // The worst waits decide before the usual ones.
    [900, 5, 6, '1 in 100 tasks waits 900 ms or longer, above 500 ms'],
    [500, 20, 4, 'tasks wait 20 ms on average and 1 in 100 500 ms or longer'],
    [80, 19.9, 3, 'tasks wait 19.9 ms on average, below 20 ms'],
    [0, 0, 3, 'tasks wait 0 ms on average, below 20 ms'],
  ])('with p99 %d ms and mean %d ms goes from 4 to %i: %s', (waitP99, waitMean, target, why) => {
    expect(decider(COURSE).decide(inputOf({ signals: { waitP99, waitMean } }))).toEqual({ target, why });
  });

  it("takes the policy's objective, and a 25th of it to shrink by", () => {
    const plain = decider({ type: 'wait-time' }, { objectiveMs: 250 });
    const size = (waitP99: number, waitMean: number) =>
      plain.decide(inputOf({ signals: { waitP99, waitMean } })).target;
    expect([size(251, 30), size(250, 10), size(250, 9.9)]).toEqual([5, 4, 3]);
  });

  it('can go by signals of other names', () => {
    const named = decider({ type: 'wait-time', p99: 'smoothWait', mean: 'waitMean' });
    expect(named.needs).toEqual(['smoothWait', 'waitMean']);
  });

  it.each([
    [{ upMs: 20, downMs: 20 }, /decider\.downMs is 20, but must be below upMs, which is 20/],
    [{ upMs: 10, downMs: 20 }, /must be below upMs, which is 10/],
    [{ upMs: 0 }, /decider\.upMs is 0, but must be a finite number above 0/],
    [{ upMs: 5, downMs: -1 }, /decider\.downMs is -1, but must be a finite number above 0/],
  ])('refuses %o', (options, message) => {
    expect(() => decider({ type: 'wait-time', ...options })).toThrow(message);
  });
});
