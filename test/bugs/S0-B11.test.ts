import { expect, test } from 'vitest';
import { decider } from '../support/build.js';
import { TinyAutoscaler } from '../support/tiny-autoscaler.js';

test('S0-B11: a quarter of three workers is none, and the pool shrinks all the same', () => {
  const aimd = decider({ type: 'aimd', signal: 'queueDepth', up: 0.75, down: 0.1 });
  const autoscaler = new TinyAutoscaler(8, aimd, []);
  const sizes = Array.from({ length: 6 }, (_, tick) => autoscaler.tick(tick * 500, { queueDepth: 0 }).to);

  expect(sizes).toEqual([6, 5, 4, 3, 2, 1]);
});
