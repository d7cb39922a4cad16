import { describe, expect, test } from 'vitest';
import { hostileNames } from '../../fixtures/admin/hostile-names.js';
import { ADAPTERS, roleOf, slots, startAdmin, TokenGuard } from './support.js';

/** Fails under the name of the error that it is given. */
const fail = (name: string) => Promise.reject(Object.assign(new Error(name), { name }));

describe.each(ADAPTERS)('on %s', (adapter) => {
  test('50 hostile strings as names of pools, tasks and errors come back as JSON, never as anything to run', async () => {
    expect(new Set(hostileNames).size).toBe(50);
    const pools = Object.fromEntries(hostileNames.map((name) => [name, slots({ tasks: { [name]: fail } })]));
    const { ask, pools: service } = await startAdmin(adapter, {
      pools,
      admin: { guards: [TokenGuard], role: roleOf, rateLimit: false },
    });
    const asJson = { 'content-type': 'application/json; charset=utf-8', 'x-content-type-options': 'nosniff' };
    const all = await ask('GET /pools', { token: 'viewer' });
    expect(all.json.map(({ name }: { name: string }) => name)).toEqual(hostileNames);
    expect(all.headers).toMatchObject(asJson);
    for (const name of hostileNames) {
      await service
        .get(name)
        .run(name, [name])
        .catch(() => undefined);
      const path = `/pools/${encodeURIComponent(name)}`;
      for (const line of [`GET ${path}`, `GET ${path}/failures`, `GET ${path}/decisions?limit=x`, `GET ${path}x`]) {
        expect((await ask(line, { token: 'viewer' })).headers).toMatchObject(asJson);
      }
      expect((await ask(`GET ${path}`, { token: 'viewer' })).json.name).toBe(name);
      const [failure] = (await ask(`GET ${path}/failures`, { token: 'viewer' })).json as [{ task: string }];
      expect(failure.task).toBe(name);
      const paused = await ask(`POST ${path}/pause`, { token: 'operator' });
      expect([paused.status, paused.json.state]).toEqual([200, 'paused']);
    }
  });

  test('hostile reasons and owners leave the audit line one line of JSON', async () => {
    const { ask, log, audit } = await startAdmin(adapter, {
      admin: { guards: [TokenGuard], role: roleOf, rateLimit: false },
    });
    for (const reason of hostileNames) {
      await ask('PUT /pools/images/override', { token: 'operator', body: { size: 2, reason, owner: reason } });
      await ask(`PUT /pools/${encodeURIComponent(reason)}/override`, { token: 'operator', body: { size: 2 } });
    }
    expect(audit()).toHaveLength(2 * hostileNames.length);
    for (const { context, message } of log.lines) {
      if (context === 'PoolAdmin') expect(message).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u);
    }
  });
});
