import { expect, test } from 'vitest';
import { simulatedPolicy } from '../../../../lib/admin/dry-run/check-policy.js';
import { PoolConfigError } from '../../../../lib/core/errors.js';

const check = (policy: unknown, preset: 'balanced' | 'adaptive' = 'balanced') =>
  simulatedPolicy(policy, { pool: 'images', option: 'policy', objectiveMs: 100, preset });

test.each<[unknown]>([
  ['thrifty'],
  [{ preset: 'latency', guards: [{ type: 'cooldown', upMs: 500, downMs: 5_000 }] }],
  [{ decider: { type: 'threshold', signal: 'queueDepth', up: 0.7, down: 0.1 } }],
  [{ preset: 'balanced', forecast: { type: 'schedule', entries: [] } }],
])('takes %j as it is, or says what is wrong with it', (policy) => {
  try {
    expect(check(policy)).toEqual(policy);
  } catch (error) {
    expect(error).toBeInstanceOf(PoolConfigError);
    expect((error as Error).message).toMatch(/^pool 'images': policy\.forecast/);
  }
});

test('a policy that names no preset goes by that of the pool', () => {
  expect(check({ guards: [] }, 'adaptive')).toEqual({ preset: 'adaptive', guards: [] });
});

test('the budget is left out: other pools have a part in it', () => {
  expect(check({ preset: 'balanced', guards: [{ type: 'budget' }] })).toEqual({ preset: 'balanced', guards: [] });
});

test.each<[unknown, string]>([
  ['balancd', "Did you mean 'balanced'?"],
  [5, "pool 'images': policy is 5"],
  [[], 'policy is an array'],
  [{ decider: { type: 'threshold' } }, 'policy.decider'],
  [{ deciders: {} }, "Did you mean 'decider'?"],
  [JSON.parse('{"__proto__":{"preset":"thrifty"}}'), '__proto__'],
  [{ guards: 'none' }, 'policy.guards is "none"'],
  [{ decider: { decide: () => ({ target: 1, why: '' }) } }, "a part of the application's own"],
  [{ signals: { lag: () => 1 } }, "a part of the application's own"],
  [{ signals: { lag: { type: 'cpu' } } }, "policy.signals.lag is of the type 'cpu', which cannot be dry run"],
  [
    {
      signals: {
        lag: { type: 'ewma', halfLifeMs: 1_000, of: { type: 'prometheus', url: 'http://127.0.0.1', query: 'x' } },
      },
    },
    "of the type 'prometheus'",
  ],
])('refuses %j and says why', (policy, message) => {
  expect(() => check(policy)).toThrow(message);
  expect(() => check(policy)).toThrow(PoolConfigError);
});
