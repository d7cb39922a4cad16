import { describe, expect, it } from 'vitest';
import { decider } from '../../../../support/build.js';
import { inputOf } from '../../../../support/decision-inputs.js';

const COURSE = { type: 'threshold', signal: 'queueDepth', up: 0.75, down: 0.1, stepUp: 2, stepDown: 1 };

describe('the threshold decider (D1)', () => {
  it.each([
    [0.751, 4, 6, 'queueDepth is 0.751, above 0.75'],
    [1, 31, 33, 'queueDepth is 1, above 0.75'],
    // On a threshold nothing moves (S1 T3 has > and <).
    [0.75, 4, 4, 'queueDepth is 0.75, between 0.1 and 0.75'],
    [0.5, 4, 4, 'queueDepth is 0.5, between 0.1 and 0.75'],
    [0.1, 4, 4, 'queueDepth is 0.1, between 0.1 and 0.75'],
    [0.099, 4, 3, 'queueDepth is 0.099, below 0.1'],
    [0, 1, 0, 'queueDepth is 0, below 0.1'],
  ])('at %d with %i workers proposes %i: %s', (queueDepth, target, proposed, why) => {
    const proposal = decider(COURSE).decide(inputOf({ target, signals: { queueDepth } }));
    expect(proposal).toEqual({ target: proposed, why });
  });

  it('does not flap about one value: a signal that swings within the band moves nothing (S0 B4)', () => {
    const steady = decider({ type: 'threshold', signal: 'queueDepth', up: 0.6, down: 0.4 });
    const sizes = [0.49, 0.51, 0.49, 0.58, 0.41].map(
      (queueDepth) => steady.decide(inputOf({ signals: { queueDepth } })).target,
    );
    expect(sizes).toEqual([4, 4, 4, 4, 4]);
  });

  it('moves by one worker unless told otherwise', () => {
    const plain = decider({ type: 'threshold', signal: 'load', up: 2, down: 1 });
    expect(plain.decide(inputOf({ signals: { load: 3 } })).target).toBe(5);
    expect(plain.decide(inputOf({ signals: { load: 0 } })).target).toBe(3);
    expect(plain.needs).toEqual(['load']);
  });

  it('says so rather than guess where it is asked without its signal', () => {
    expect(() => decider(COURSE).decide(inputOf())).toThrow("signal 'queueDepth' has no value");
  });

  it('goes by the options as they were when it was built', () => {
    const spec = { ...COURSE };
    const built = decider(spec);
    spec.up = 0.2;
    expect(built.decide(inputOf({ signals: { queueDepth: 0.5 } })).target).toBe(4);
  });
});

describe('the threshold decider refuses', () => {
  it.each([
    [{ up: 0.5, down: 0.5 }, /decider\.down is 0\.5, but must be below up, which is 0\.5/],
    [{ up: 0.1, down: 0.75 }, /decider\.down is 0\.75, but must be below up, which is 0\.1/],
    [{ up: NaN }, /decider\.up is NaN, but must be a finite number/],
    [{ down: '0.1' }, /decider\.down is "0\.1", but must be a finite number/],
    [{ up: undefined }, /decider\.up is undefined/],
    [{ stepUp: 0 }, /decider\.stepUp is 0, but must be a whole number from 1 to 1,024/],
    // What YAML leaves empty.
    [{ stepUp: null }, /decider\.stepUp is null/],
    [{ stepDown: 1.5 }, /decider\.stepDown is 1\.5/],
    [{ signal: '' }, /decider\.signal is "", but must be the name of a signal/],
    [{ signal: undefined }, /decider\.signal is undefined/],
    [{ stepup: 2 }, /decider has no option "stepup"\. Did you mean 'stepUp'\?/],
  ])('%o', (change, message) => {
    expect(() => decider({ ...COURSE, ...change })).toThrow(message);
    expect(() => decider({ ...COURSE, ...change })).toThrow(/^pool 'images': /);
  });
});
