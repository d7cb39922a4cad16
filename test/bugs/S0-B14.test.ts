import { expect, test } from 'vitest';
import { decider, guard } from '../support/build.js';
import { TinyAutoscaler } from '../support/tiny-autoscaler.js';

test('S0-B14: a seeded cooldown begins with the first tick; one that is not allows the first resize at once', () => {
  const first = (seeded: boolean) => {
    const growing = decider({ type: 'threshold', signal: 'queueDepth', up: 0.75, down: 0.1 });
    const cooldown = guard({ type: 'cooldown', upMs: 2_000, downMs: 30_000, seeded });
    const autoscaler = new TinyAutoscaler(4, growing, [cooldown]);
    return autoscaler.run(50_000, 60_000, 500, () => ({ queueDepth: 1 }))[0];
  };

  expect(first(true)).toBe('52.0 s: 4 → 5');
  expect(first(false)).toBe('50.0 s: 4 → 5');
});
