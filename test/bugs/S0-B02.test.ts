import { expect, test } from 'vitest';
import { decider, guard } from '../support/build.js';
import { TinyAutoscaler } from '../support/tiny-autoscaler.js';

test('S0-B02: an idle pool shrinks to its floor and never below it', () => {
  const shrinking = decider({ type: 'threshold', signal: 'queueDepth', up: 0.75, down: 0.1 });
  const autoscaler = new TinyAutoscaler(8, shrinking, [guard({ type: 'bounds' })], { min: 4, max: 32 });
  const sizes = Array.from({ length: 20 }, (_, tick) => autoscaler.tick(tick * 500, { queueDepth: 0 }).to);

  expect(Math.min(...sizes)).toBe(4);
  expect(autoscaler.tick(10_000, { queueDepth: 0 })).toEqual({ from: 4, proposed: 3, to: 4, heldBy: 'min 4' });
});
