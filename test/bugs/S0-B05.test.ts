import { expect, test } from 'vitest';
import { decider, guard } from '../support/build.js';
import { TinyAutoscaler } from '../support/tiny-autoscaler.js';

test('S0-B05: a second of high load grows the pool once, not at every tick', () => {
  const context = { tickMs: 100 };
  const growing = decider({ type: 'threshold', signal: 'queueDepth', up: 0.75, down: 0.1, stepUp: 4 }, context);
  const cooldown = guard({ type: 'cooldown', upMs: 2_000 }, context);
  const autoscaler = new TinyAutoscaler(4, growing, [cooldown], { min: 1, max: 1_000 });

  expect(autoscaler.run(0, 1_000, 100, () => ({ queueDepth: 1 }))).toEqual(['0.0 s: 4 → 8']);
});
