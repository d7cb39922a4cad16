import { expect, it } from 'vitest';
import { changedOptions } from '../../../../lib/core/pool/changed-options.js';
import { resolvePoolOptions } from '../../../../lib/core/pool/resolve-options.js';
import type { Policy } from '../../../../lib/core/scaling/scaling-options.js';

class Mine {
  decide() {
    return { target: 1, why: 'mine' };
  }
}

const options = (policy: Policy) =>
  resolvePoolOptions({
    name: 'images',
    tasks: new URL('../../../fixtures/tasks/basics.js', import.meta.url),
    scaling: { policy },
  });

it('tells parts of the user by name, for logs and events (O5)', () => {
  const [change] = changedOptions(options('balanced'), options({ decider: new Mine() }));
  expect(change).toEqual({
    key: 'scaling.policy',
    from: 'balanced',
    to: { decider: { type: 'custom', name: 'Mine' } },
  });
});

it('tells neither headers nor passwords of addresses, which let somebody in (O5)', () => {
  const signal = {
    type: 'prometheus',
    url: 'http://ops:secret@127.0.0.1:9090',
    query: 'up',
    headers: { authorization: 'Bearer secret' },
  } as const;
  const told = JSON.stringify(changedOptions(options('balanced'), options({ signals: { signal } })));
  expect(told).toContain('***@127.0.0.1:9090');
  expect(told).not.toContain('secret');
});

it('tells nothing where nothing changed', () => {
  expect(changedOptions(options('balanced'), options('balanced'))).toEqual([]);
});
