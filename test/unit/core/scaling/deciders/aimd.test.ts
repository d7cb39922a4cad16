import { describe, expect, it } from 'vitest';
import { decider } from '../../../../support/build.js';
import { inputOf } from '../../../../support/decision-inputs.js';

const COURSE = { type: 'aimd', signal: 'queueDepth', up: 0.75, down: 0.1 };

describe('the AIMD decider (D3)', () => {
  const shrink = (target: number) => decider(COURSE).decide(inputOf({ target, signals: { queueDepth: 0 } })).target;

  it.each([
    // cur - cur / 4 in whole numbers, and one worker where that is none (S0 B11).
    [1, 0],
    [2, 1],
    [3, 2],
    [4, 3],
    [7, 6],
    [8, 6],
    [20, 15],
    [32, 24],
    [1_024, 768],
  ])('shrinks from %i to %i', (from, to) => {
    expect(shrink(from)).toBe(to);
  });

  it('comes down from any size to 1 within 25 steps', () => {
    let size = 1_024;
    let steps = 0;
    for (; size > 1; steps++) size = shrink(size);
    expect(size).toBe(1);
    expect(steps).toBeLessThanOrEqual(25);
  });

  it('grows by one worker, or by as many as it is told', () => {
    const input = inputOf({ target: 3, signals: { queueDepth: 0.8 } });
    expect(decider(COURSE).decide(input)).toEqual({ target: 4, why: 'queueDepth is 0.8, above 0.75' });
    expect(decider({ ...COURSE, increase: 5 }).decide(input).target).toBe(8);
  });

  it('stays within its band', () => {
    const proposal = decider(COURSE).decide(inputOf({ target: 9, signals: { queueDepth: 0.4 } }));
    expect(proposal).toEqual({ target: 9, why: 'queueDepth is 0.4, between 0.1 and 0.75' });
  });

  it.each([
    [{ decrease: 0 }, /decider\.decrease is 0, but must be a finite number above 0 and below 1/],
    [{ decrease: 1 }, /decider\.decrease is 1/],
    [{ increase: 0 }, /decider\.increase is 0/],
    [{ up: 0.1 }, /decider\.down is 0\.1, but must be below up/],
  ])('refuses %o', (change, message) => {
    expect(() => decider({ ...COURSE, ...change })).toThrow(message);
  });
});
