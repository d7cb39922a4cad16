import { expect, test } from 'vitest';
import { decider, guard } from '../support/build.js';
import { TinyAutoscaler } from '../support/tiny-autoscaler.js';

test('S0-B10: each resize starts its cooldown anew', () => {
  const context = { tickMs: 500 };
  const moving = decider({ type: 'threshold', signal: 'queueDepth', up: 0.75, down: 0.1 }, context);
  const cooldown = guard({ type: 'cooldown', upMs: 2_000, downMs: 2_000 }, context);
  const autoscaler = new TinyAutoscaler(4, moving, [cooldown]);

  const grown = autoscaler.run(0, 5_000, 500, () => ({ queueDepth: 1 }));
  expect(grown).toEqual(['0.0 s: 4 → 5', '2.0 s: 5 → 6', '4.0 s: 6 → 7']);
  const shrunk = autoscaler.run(10_000, 15_000, 500, () => ({ queueDepth: 0 }));
  expect(shrunk).toEqual(['10.0 s: 7 → 6', '12.0 s: 6 → 5', '14.0 s: 5 → 4']);
});
