import { describe, expect, it } from 'vitest';
import type { Guard } from '../../../../../lib/core/scaling/contract.js';
import { guard } from '../../../../support/build.js';

describe('buildGuard (D10)', () => {
  it("takes a guard of the user's own as it is", () => {
    const own: Guard = { apply: ({ target }) => ({ target }) };
    expect(guard(own)).toBe(own);
  });

  it.each([
    ['cool-down', 'cooldown'],
    ['stabilisation', 'stabilization'],
    ['step', 'step-limit'],
    ['errorrate', 'error-rate'],
    ['Bounds', 'bounds'],
    ['workerHours', 'worker-hours'],
  ])('%s', (type, meant) => {
    const near = type === 'step' ? 'There are: bounds, cooldown' : `Did you mean '${meant}'?`;
    expect(() => guard({ type })).toThrow(`guard.type is "${type}", but no guard has that name.`);
    expect(() => guard({ type })).toThrow(near);
  });

  it.each([
    [{ type: 'error-rate' }, ['errorRat'], /guard\.signal is "errorRate".* Did you mean 'errorRat'\?/],
    [{ type: 'breaker', signal: 'braker' }, ['breaker'], /guard\.signal is "braker".* Did you mean 'breaker'\?/],
    [
      { type: 'memory-headroom' },
      ['queueDepth'],
      /guard\.signal is "memory", but no signal has that name\. There are: queue/,
    ],
  ])('refuses %o where the signals are %o', (spec, signals, message) => {
    expect(() => guard(spec, { signals })).toThrow(message);
  });
});
