import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { describe, expect, test } from 'vitest';
import type { PoolService } from '../../../lib/index.js';
import { ADAPTERS, roleOf, slots, startAdmin, TokenGuard, type Adapter, type Pools } from './support.js';

const crashing: Pools[string] = {
  size: { max: 1 },
  scaling: false,
  quarantine: { afterCrashes: 1 },
  tasks: new URL('../../fixtures/tasks/crashes.js', import.meta.url),
};
const RELEASE = 'POST /pools/images/quarantine/release';

/** Two tasks in quarantine: `exit` is 1, `throwAside` is 2. */
async function start(adapter: Adapter, pools: Pools = { images: crashing }) {
  const admin = await startAdmin(adapter, { pools, admin: { guards: [TokenGuard], role: roleOf, rateLimit: false } });
  expect([await call(admin.pools, 'exit', 7), await call(admin.pools, 'throwAside', 'my-secret')]).toEqual([
    'TASK_QUARANTINED',
    'TASK_QUARANTINED',
  ]);
  return admin;
}

/** The code of what a call rejects with. */
function call(pools: PoolService, task: string, argument: unknown): Promise<string> {
  return pools
    .get('images')
    .run(task, [argument])
    .then(
      () => 'it ran',
      (error: { code: string }) => error.code,
    );
}

const ids = (pools: PoolService) => pools.quarantined('images').map(({ id }) => id);

describe.each(ADAPTERS)('on %s', (adapter) => {
  test('GET quarantine tells viewers what is in there and how its worker exited, and no argument (P9)', async () => {
    const { ask, pools, app } = await start(adapter, { images: crashing, mail: slots() });
    const told = await ask('GET /pools/images/quarantine', { token: 'viewer' });
    const head = { crashes: 1, since: expect.any(Number) };
    expect([told.status, told.json]).toEqual([
      200,
      {
        pool: 'images',
        at: expect.any(Number),
        total: 2,
        entries: [
          {
            ...head,
            id: 1,
            task: 'exit',
            error: expect.stringMatching(/^pool 'images': worker \d+ \(thread \d+\) exited with code 7 while it ran/),
          },
          { ...head, id: 2, task: 'throwAside', error: expect.stringMatching(/ 'throwAside'\. Cause: TypeError\.$/) },
        ],
      },
    ]);
    // Neither an argument, nor the message of an error, which might quote one.
    expect(pools.quarantined('images')[1]!.error.message).toContain('thrown aside');
    expect(told.text).not.toMatch(/my-secret|thrown aside/);
    expect(told.headers).toMatchObject({ 'cache-control': 'no-store' });

    const first = await ask('GET /pools/images/quarantine?limit=1', { token: 'viewer' });
    expect([first.json.total, first.json.entries]).toEqual([2, [told.json.entries[0]]]);
    const empty = await ask('GET /pools/mail/quarantine', { token: 'viewer' });
    expect(empty.json).toMatchObject({ pool: 'mail', total: 0, entries: [] });
    const unknown = await ask('GET /pools/nosuch/quarantine', { token: 'viewer' });
    expect([unknown.status, unknown.json.pools]).toEqual([404, ['images', 'mail']]);

    const document = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    const schemaOf = (operation: any) => operation.responses['200'].content['application/json'].schema.properties;
    const read = schemaOf(document.paths['/pools/{name}/quarantine']!.get);
    expect(Object.keys(read)).toEqual(Object.keys(told.json));
    expect(Object.keys(read.entries.items.properties)).toEqual(Object.keys(told.json.entries[0]));
    const released = await ask(RELEASE, { token: 'operator', body: { id: 1 } });
    const change = schemaOf(document.paths['/pools/{name}/quarantine/release']!.post);
    expect(Object.keys(change)).toEqual(Object.keys(released.json));
  });

  test('an operator releases one, which runs again, tells which in the answer and in the audit line (P9, A4)', async () => {
    const { ask, pools, audit } = await start(adapter);
    const { crashes } = pools.snapshot('images').counters;
    expect(await call(pools, 'exit', 7)).toBe('TASK_QUARANTINED');
    expect(pools.snapshot('images').counters.crashes).toBe(crashes);
    const [entry] = (await ask('GET /pools/images/quarantine', { token: 'viewer' })).json.entries;

    const body = { id: 1, reason: 'parser mended', owner: 'ada' };
    const { status, json } = await ask(RELEASE, { token: 'operator', body });
    expect([status, json]).toEqual([
      200,
      { pool: 'images', at: expect.any(Number), count: 1, released: [entry], left: 1 },
    ]);
    expect(ids(pools)).toEqual([2]);
    expect(audit()).toEqual([
      {
        event: 'admin',
        action: 'quarantine-release',
        pool: 'images',
        owner: 'ada',
        reason: 'parser mended',
        outcome: 'done',
        from: 2,
        to: 1,
        released: [{ id: 1, task: 'exit' }],
        role: 'operator',
        remote: '127.0.0.1',
        at: expect.any(Number),
      },
    ]);
    // It runs, exits its worker, and is in quarantine again.
    expect(await call(pools, 'exit', 7)).toBe('TASK_QUARANTINED');
    expect(pools.snapshot('images').counters.crashes).toBe(crashes + 1);
    expect(ids(pools)).toEqual([2, 3]);
    // What was released is known no more.
    expect((await ask(RELEASE, { token: 'operator', body: { id: 1 } })).status).toBe(404);
  });

  test.each([
    ['no body', undefined],
    ['an empty object', {}],
  ])('%s releases all, and is fine where there is nothing', async (_, body) => {
    const { ask, pools, audit } = await start(adapter);
    const { status, json } = await ask(RELEASE, { token: 'operator', body });
    expect([status, json]).toMatchObject([200, { count: 2, released: [{ id: 1 }, { id: 2 }], left: 0 }]);
    expect(ids(pools)).toEqual([]);
    const again = await ask(RELEASE, { token: 'operator', body });
    expect([again.status, again.json]).toMatchObject([200, { count: 0, released: [], left: 0 }]);
    expect(audit()).toMatchObject([
      {
        outcome: 'done',
        from: 2,
        to: 0,
        released: [
          { id: 1, task: 'exit' },
          { id: 2, task: 'throwAside' },
        ],
      },
      { outcome: 'done', from: 0, to: 0, released: [] },
    ]);
  });

  test('whatever is refused releases nothing, above all not everything, says why, and has its audit line (A4)', async () => {
    const { ask, pools, audit } = await start(adapter);
    const refusals: readonly (readonly [token: string | null, body: unknown, status: number, message: string])[] = [
      ['operator', { id: 7 }, 404, "pool 'images' has nothing with the id 7 in quarantine. In quarantine: 1, 2."],
      ...['1', 0, -1, 1.5, null, 1e300, [1], true, ''].map(
        (id) => ['operator', { id }, 422, 'but must be a whole number above 0. Leave it out to release all.'] as const,
      ),
      ['operator', { ids: [1] }, 422, "Did you mean 'id'?"],
      ['operator', { id: 1, reason: 'two\nlines' }, 422, 'on one line'],
      ['operator', [1], 422, 'must be a JSON object'],
      ['operator', '{"id":', 400, 'not JSON'],
      ['operator', { id: 1, reason: 'x'.repeat(200_000) }, 413, ''],
      ['viewer', { id: 1 }, 403, 'only operators'],
      ['nobody', { id: 1 }, 403, 'no role'],
      [null, { id: 1 }, 401, ''],
    ];
    for (const [token, body, status, message] of refusals) {
      const before = audit().length;
      const told = await ask(RELEASE, { token, body });
      expect([body, told.status, told.json.statusCode]).toEqual([body, status, status]);
      expect(told.json.message).toContain(message);
      expect(audit()).toHaveLength(before + 1);
      expect(audit().at(-1)).toMatchObject({ action: 'quarantine-release', outcome: 'refused', status });
      expect(audit().at(-1)).not.toHaveProperty('released');
    }
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await ask(RELEASE, { token: 'operator', body: 'id=1', headers: form })).status).toBe(415);
    // Express's own parser takes objects and arrays only.
    expect([400, 422]).toContain((await ask(RELEASE, { token: 'operator', body: 'null' })).status);
    const foreign = { origin: 'https://evil.example' };
    expect((await ask(RELEASE, { token: 'operator', body: { id: 1 }, headers: foreign })).status).toBe(403);
    const unknown = await ask('POST /pools/nosuch/quarantine/release', { token: 'operator' });
    expect([unknown.status, unknown.json.pools]).toEqual([404, ['images']]);
    expect((await ask('GET /pools/images/quarantine/release', { token: 'operator' })).status).toBe(404);
    expect(ids(pools)).toEqual([1, 2]);
    await pools.get('images').close();
    expect((await ask(RELEASE, { token: 'operator' })).status).toBe(409);
  });
});
