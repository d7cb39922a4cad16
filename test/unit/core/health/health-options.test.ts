import { expect, test } from 'vitest';
import { PoolConfigError } from '../../../../lib/core/errors.js';
import { resolveHealthOptions, type HealthOptions } from '../../../../lib/core/health/health-options.js';

const resolve = (options: unknown, objectiveMs: number | null = 100) =>
  resolveHealthOptions('images', options as HealthOptions, objectiveMs);

test('defaults: the wait goes by the objective, where there is one (U5)', () => {
  expect(resolve({})).toMatchObject({
    maxQueueRatio: 0.8,
    maxP99WaitMs: 1_000,
    maxAtMaxMs: 300_000,
    crashLoop: { crashes: 3, withinMs: 60_000 },
    stalledAfterMs: 60_000,
  });
  expect(resolve({}, null).maxP99WaitMs).toBeNull();
  expect(new Set(Object.values(resolve({}).means))).toEqual(new Set(['degraded']));
});

test('what is given counts; a part of crashLoop and of means leaves the rest as it is', () => {
  const options = { maxQueueRatio: 1, crashLoop: { crashes: 10 }, means: { stalled: 'down', paused: undefined } };
  expect(resolve(options)).toMatchObject({
    maxQueueRatio: 1,
    crashLoop: { crashes: 10, withinMs: 60_000 },
    means: { stalled: 'down', paused: 'degraded' },
  });
});

test('false switches a check off', () => {
  const off = { maxQueueRatio: false, maxP99WaitMs: false, maxAtMaxMs: false, crashLoop: false, stalledAfterMs: false };
  const { means: _, ...checks } = resolve(off);
  expect(new Set(Object.values(checks))).toEqual(new Set([null]));
});

test.each<[unknown, string]>([
  [null, 'the options of a health check is null, but must be an object'],
  [{ maxQueRatio: 1 }, "Did you mean 'maxQueueRatio'?"],
  [{ maxQueueRatio: 0 }, 'maxQueueRatio is 0, but must be a number above 0 and up to 1, or false'],
  [{ maxQueueRatio: 1.1 }, 'maxQueueRatio is 1.1'],
  [{ maxQueueRatio: NaN }, 'maxQueueRatio is NaN'],
  [{ maxP99WaitMs: 0 }, 'maxP99WaitMs is 0, but must be a number of milliseconds above 0'],
  [{ maxP99WaitMs: '100' }, 'maxP99WaitMs is "100"'],
  [{ maxAtMaxMs: Infinity }, 'maxAtMaxMs is Infinity'],
  [{ stalledAfterMs: true }, 'stalledAfterMs is true'],
  [{ stalledAfterMs: -1 }, 'stalledAfterMs is -1'],
  [{ crashLoop: 3 }, 'crashLoop is 3, but must be an object'],
  [{ crashLoop: { crashes: 0 } }, 'crashLoop.crashes is 0, but must be a whole number from 1 to 100'],
  [{ crashLoop: { crashes: 101 } }, 'crashLoop.crashes is 101'],
  [{ crashLoop: { withinMs: 0 } }, 'crashLoop.withinMs is 0'],
  [{ crashLoop: { within: 1 } }, 'crashLoop has no option "within". Did you mean \'withinMs\'?'],
  [{ means: 'down' }, 'means is "down", but must be an object'],
  [{ means: { staled: 'down' } }, "Did you mean 'stalled'?"],
  [{ means: { stalled: 'dead' } }, "means.stalled is \"dead\", but must be 'up' or 'degraded' or 'down'"],
])('refuses %o, naming the pool', (options, message) => {
  expect(() => resolve(options)).toThrow(PoolConfigError);
  expect(() => resolve(options)).toThrow("pool 'images': ");
  expect(() => resolve(options)).toThrow(message);
});
