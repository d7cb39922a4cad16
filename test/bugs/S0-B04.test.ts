import { expect, test } from 'vitest';
import { PoolConfigError } from '../../lib/core/errors.js';
import { decider } from '../support/build.js';

test('S0-B04: one threshold for both directions, by which a size would flap, is refused', () => {
  const flapping = (down: number) => () => decider({ type: 'threshold', signal: 'queueDepth', up: 0.5, down });
  expect(flapping(0.5)).toThrow(PoolConfigError);
  expect(flapping(0.6)).toThrow(PoolConfigError);
  expect(() => decider({ type: 'aimd', signal: 'queueDepth', up: 0.5, down: 0.5 })).toThrow(PoolConfigError);
  expect(() => decider({ type: 'wait-time', upMs: 50, downMs: 50 })).toThrow(PoolConfigError);
  expect(flapping(0.49)).not.toThrow();
});
