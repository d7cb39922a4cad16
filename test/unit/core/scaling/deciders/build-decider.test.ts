import { describe, expect, it } from 'vitest';
import type { Decider } from '../../../../../lib/core/scaling/contract.js';
import { PoolConfigError } from '../../../../../lib/core/errors.js';
import { buildDecider } from '../../../../../lib/core/scaling/deciders/build-decider.js';
import { decider } from '../../../../support/build.js';

describe('buildDecider (D10)', () => {
  it("takes a decider of the user's own as it is", () => {
    const own: Decider = { decide: ({ snapshot }) => ({ target: snapshot.target, why: 'it is fine' }) };
    expect(decider(own)).toBe(own);
  });

  it.each([
    ['treshold', 'threshold'],
    ['wait_time', 'wait-time'],
    ['PID', 'pid'],
    ['gradient', 'gradient2'],
    ['hillclimbing', 'hill-climbing'],
    ['queuing', 'queueing'],
    ['rule', 'rules'],
  ])('%s: did you mean %s?', (type, meant) => {
    expect(() => decider({ type })).toThrow(`no decider has that name. Did you mean '${meant}'?`);
  });

  it.each([
    [undefined, /decider is undefined, but must be an object/],
    ['threshold', /decider is "threshold", but must be an object/],
    [{}, /decider\.type is undefined, but must be one of threshold, wait-time, step/],
    [{ type: 7 }, /decider\.type is 7/],
    [{ type: 'constructor' }, /decider\.type is "constructor", but no decider has that name\. There are: threshold/],
    [{ type: '__proto__' }, /no decider has that name/],
    [{ decide: 7, type: 'aimd' }, /decider has no option "decide"/],
  ])('refuses %o', (spec, message) => {
    expect(() => decider(spec)).toThrow(PoolConfigError);
    expect(() => decider(spec)).toThrow(message);
  });

  it('refuses signals that the policy does not have, with the nearest that it has', () => {
    const context = { signals: ['queueDepth', 'waitP99', 'waitMean'] };
    expect(() => decider({ type: 'threshold', signal: 'queDepth', up: 2, down: 1 }, context)).toThrow(
      `pool 'images': decider.signal is "queDepth", but no signal has that name. Did you mean 'queueDepth'? There are: queueDepth, waitP99, waitMean.`,
    );
    expect(() => decider({ type: 'wait-time' }, context)).not.toThrow();
    expect(() => decider({ type: 'queueing' }, context)).toThrow(
      /decider\.arrivalRate is "arrivalRate", but no signal/,
    );
    const rules = [{ when: { errorRat: { above: 0.1 } }, do: 'hold' }];
    expect(() => decider({ type: 'rules', rules }, { signals: ['errorRate'] })).toThrow(
      /rules\[0\]\.when\.errorRat is "errorRat".* Did you mean 'errorRate'\?/,
    );
  });

  it('names no pool where there is none yet', () => {
    expect(() => buildDecider({ type: 'x' }, { option: 'policy.decider' })).toThrow(/^policy\.decider\.type is "x"/);
    expect(() => buildDecider({ type: 'pid', setpoint: 1, signal: 'x' }, { option: 'd' }, { signals: ['y'] })).toThrow(
      /^d\.signal is "x"/,
    );
  });

  it('keeps the state of two pools apart', () => {
    const spec = { type: 'pid', signal: 'utilization', setpoint: 0.7 };
    expect(decider(spec)).not.toBe(decider(spec));
  });
});
