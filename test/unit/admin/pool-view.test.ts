import { expect, test } from 'vitest';
import { viewOf } from '../../../lib/admin/pool-view.js';
import { hasCustomPart, policyView } from '../../../lib/core/scaling/policy-view.js';
import { fakeService } from '../../support/fake-service.js';

class Clairvoyant {
  decide() {
    return { target: 1, why: 'seen' };
  }
}

test('a view is the snapshot with policy, objective, autoscaler and health, and all of it is JSON (O3)', async () => {
  const { service } = await fakeService({ images: { scaling: { policy: 'thrifty', objectiveMs: 40 } } });
  const view = viewOf(service, 'images');
  expect(view).toMatchObject({
    ...service.snapshot('images'),
    at: expect.any(Number),
    policy: 'thrifty',
    objectiveMs: 40,
    autoscaler: { state: 'running' },
    health: { pool: 'images', status: 'up', reasons: [] },
  });
  expect(JSON.parse(JSON.stringify(view))).toEqual(view);
});

test('a pool with scaling: false has neither policy nor objective nor autoscaler', async () => {
  const { service } = await fakeService({ images: { scaling: false } });
  expect(viewOf(service, 'images')).toMatchObject({ policy: null, objectiveMs: null, autoscaler: null });
});

test('a name that is no pool is refused with those there are', async () => {
  const { service } = await fakeService({ images: {} });
  expect(() => viewOf(service, '__proto__')).toThrow('Pools of this application: images.');
});

test.each<[string, unknown, unknown]>([
  ['a preset', 'balanced', 'balanced'],
  ['an object of a class', { decider: new Clairvoyant() }, { decider: { type: 'custom', name: 'Clairvoyant' } }],
  ['an object with a method', { guards: [{ apply: () => null }] }, { guards: [{ type: 'custom', name: 'Object' }] }],
  ['a function', { signals: { lag: function lagOf() {} } }, { signals: { lag: { type: 'custom', name: 'lagOf' } } }],
  [
    'a nameless function',
    {
      signals: {
        lag: (
          () => () =>
            1
        )(),
      },
    },
    { signals: { lag: { type: 'custom', name: 'anonymous' } } },
  ],
  ['numbers that JSON lacks', { up: Infinity, down: 1 }, { up: 'Infinity', down: 1 }],
  ['what was left out', { preset: undefined, guards: [] }, { guards: [] }],
  [
    'secrets',
    {
      signals: {
        lag: { type: 'prometheus', url: 'https://me:word@host/prom?q=a@b', headers: { authorization: 'Bearer x' } },
      },
    },
    { signals: { lag: { type: 'prometheus', url: 'https://***@host/prom?q=a@b', headers: { authorization: '***' } } } },
  ],
])('tells %s of a policy as JSON', (_, policy, told) => {
  expect(policyView(policy)).toEqual(told);
  expect(JSON.parse(JSON.stringify(policyView(policy)))).toEqual(told);
});

test('a policy that holds itself, or a name from JSON that means something to objects, harms nothing', () => {
  const loop: { decider?: unknown } = {};
  loop.decider = loop;
  expect(JSON.stringify(policyView(loop))).toContain('too deep');
  expect(hasCustomPart(loop)).toBe(true);
  const hostile: unknown = JSON.parse('{"__proto__":{"polluted":1}}');
  expect(JSON.stringify(policyView(hostile))).toBe('{"__proto__":{"polluted":1}}');
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

test.each<[unknown, boolean]>([
  ['balanced', false],
  [{ decider: { type: 'rules', rules: [{ when: {}, size: 2 }] } }, false],
  [{ decider: new Clairvoyant() }, true],
  [{ signals: { lag: () => 1 } }, true],
  [{ decider: { type: 'ceiling', limit: new Clairvoyant() } }, true],
])('%o has a part of the application: %s', (policy, isCustom) => {
  expect(hasCustomPart(policy)).toBe(isCustom);
});
