import { describe, expect, test } from 'vitest';
import { ROLE_HEADER } from '../../../lib/entries/admin.js';
import { ADAPTERS, roleOf, slots, startAdmin, TokenGuard, type Admin } from './support.js';

const READS = [
  'GET /pools',
  'GET /pools/images',
  'GET /pools/images/decisions',
  'GET /pools/images/health',
  'GET /pools/images/policy',
  'GET /pools/images/history',
  'GET /pools/images/failures',
  'GET /pools/images/quarantine',
  'GET /pools/events',
];
const CHANGES: readonly (readonly [string, unknown?])[] = [
  ['PUT /pools/images/override', { size: 4 }],
  ['DELETE /pools/images/override'],
  ['PATCH /pools/images/policy', { preset: 'course' }],
  ['POST /pools/images/pause'],
  ['POST /pools/images/resume'],
  ['POST /pools/images/drain'],
  ['POST /pools/images/quarantine/release'],
  ['POST /pool/manual?size=4'],
];
const DRY_RUN = ['POST /pools/images/dry-run', { policy: 'course' }] as const;
const guarded = { guards: [TokenGuard], role: roleOf, rateLimit: false } as const;

/** What a request could change. */
function state({ pools }: Admin): string {
  const { target, override, state: is, counters } = pools.snapshot('images');
  return JSON.stringify({ target, override, is, counters, policy: pools.policy('images') });
}

describe.each(ADAPTERS)('on %s', (adapter) => {
  const start = (admin = {}) =>
    startAdmin(adapter, { pools: { images: slots({ scaling: 'latency' }) }, admin: { ...guarded, ...admin } });

  test.each([
    [null, 401],
    ['wrong', 401],
    ['nobody', 403],
  ])('with the token %s every route is refused with %i, tells no pool, and changes nothing', async (token, status) => {
    const admin = await start();
    const before = state(admin);
    for (const [line, body] of [...READS.map((read) => [read] as const), ...CHANGES, DRY_RUN]) {
      const { status: told, json, text, headers } = await admin.ask(line, { token, body });
      expect([line, told]).toEqual([line, status]);
      expect(Object.keys(json).sort()).toEqual(['error', 'message', 'statusCode']);
      expect(text).not.toContain('images');
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
      expect(headers[ROLE_HEADER]).toBeUndefined();
    }
    expect((await admin.ask('GET /pools/nosuch', { token })).status).toBe(status);
    expect(state(admin)).toBe(before);
    const told = admin.audit();
    expect(told).toHaveLength(CHANGES.length);
    expect(new Set(told.map(({ outcome, role }) => `${outcome} ${role}`))).toEqual(new Set(['refused null']));
  });

  test("with a viewer's token every read is answered, every change refused with 403, and nothing changes", async () => {
    const admin = await start();
    const before = state(admin);
    for (const line of READS.filter((read) => !read.endsWith('events'))) {
      expect([line, (await admin.ask(line, { token: 'viewer' })).status]).toEqual([line, 200]);
    }
    for (const [line, body] of CHANGES) {
      const { status, json, headers } = await admin.ask(line, { token: 'viewer', body });
      expect([line, status, json.error, headers[ROLE_HEADER]]).toEqual([line, 403, 'Forbidden', 'viewer']);
    }
    // Allowed, but there is nothing to run again yet.
    expect((await admin.ask(DRY_RUN[0], { token: 'viewer', body: DRY_RUN[1] })).status).toBe(409);
    expect(state(admin)).toBe(before);
    expect(admin.audit().map(({ outcome, role }) => [outcome, role])).toEqual(CHANGES.map(() => ['refused', 'viewer']));
  });

  test.each([
    ['a huge body', `{"size":4,"reason":"${'x'.repeat(300_000)}"}`],
    [
      'a body that would set a prototype',
      '{"__proto__":{"isAdmin":true},"size":4,"constructor":{"prototype":{"isAdmin":true}}}',
    ],
    ['a body nested deeper than a stack', `{"size":${'['.repeat(7_000)}${']'.repeat(7_000)}}`],
  ])('%s changes nothing, with and without a token', async (_, body) => {
    const admin = await start();
    const before = state(admin);
    for (const token of [null, 'viewer', 'operator'] as const) {
      for (const [line] of [...CHANGES, DRY_RUN]) {
        const { status } = await admin.ask(line, { token, body });
        expect([401, 403, 413, 422]).toContain(status);
      }
    }
    expect(state(admin)).toBe(before);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  test('a name that plays with paths or prototypes is 404, names the pools, and nothing happens', async () => {
    const admin = await start();
    const before = state(admin);
    const names = [
      '..%2fimages',
      '..%2f..%2fetc%2fpasswd',
      '%2e%2e%2fimages',
      'images%00',
      '%00',
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'images%2foverride',
      '%2fimages',
      'images%5c',
      'IMAGES',
      '%20images',
      'images;x=1',
      'x'.repeat(90),
    ];
    for (const name of names) {
      for (const [line, body] of [
        [`GET /pools/${name}`],
        [`POST /pools/${name}/pause`],
        [`PUT /pools/${name}/override`, { size: 4 }],
      ] as const) {
        const { status, json } = await admin.ask(line, { token: 'operator', body });
        expect([line, status, json?.pools]).toEqual([line, 404, ['images']]);
      }
      expect((await admin.ask(`POST /pool/manual?size=4&pool=${name}`, { token: 'operator' })).status).toBe(404);
    }
    for (const name of ['x'.repeat(201), 'x'.repeat(5_000), '../images/override', '..%c0%af', '%zz', '']) {
      const { status } = await admin.ask(`POST /pools/${name}/pause`, { token: 'operator' });
      expect([400, 404, 414]).toContain(status);
    }
    expect((await admin.ask(`POST /pool/manual?size=4&pool=${'x'.repeat(201)}`, { token: 'operator' })).status).toBe(
      404,
    );
    expect(state(admin)).toBe(before);
  });

  test('a name with a slash or a dot is found by its escapes', async () => {
    const { ask } = await startAdmin(adapter, { pools: { 'a/b': slots(), 'x y%': slots() }, admin: guarded });
    expect((await ask('GET /pools/a%2Fb', { token: 'viewer' })).json.name).toBe('a/b');
    expect((await ask('GET /pools/x%20y%25', { token: 'viewer' })).json.name).toBe('x y%');
  });

  test('what comes from the page of another origin is refused with 403, whatever CORS says', async () => {
    const admin = await startAdmin(adapter, {
      pools: { images: slots({ scaling: 'latency' }) },
      admin: { ...guarded, origins: ['https://ops.example.com'] },
      before: (app) => app.enableCors({ origin: true, credentials: true }),
    });
    const before = state(admin);
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `https://127.0.0.1:${admin.port + 1}` },
      { origin: `http://127.0.0.1:${admin.port}.evil.example` },
      { origin: '' },
      { origin: 'https://ops.example.com.evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of foreign) {
      for (const [line, body] of [['GET /pools'] as const, ...CHANGES]) {
        const { status } = await admin.ask(line, { token: 'operator', body, headers });
        expect([headers, line, status]).toEqual([headers, line, 403]);
      }
    }
    expect(state(admin)).toBe(before);
    const own: Record<string, string>[] = [
      { origin: `http://127.0.0.1:${admin.port}`, 'sec-fetch-site': 'same-origin' },
      { origin: 'https://pools.example.com', host: 'pools.example.com' },
      { origin: 'https://pools.example.com', host: 'pools.example.com:443' },
      { origin: 'https://ops.example.com', 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'none' },
    ];
    for (const headers of own) {
      expect([headers, (await admin.ask('GET /pools', { token: 'viewer', headers })).status]).toEqual([headers, 200]);
    }
  });

  test('without guards only this machine is answered, under a name of its own, with no proxy between', async () => {
    const admin = await startAdmin(adapter, { admin: { allowUnguarded: true } });
    const answered = await admin.ask('GET /pools');
    expect([answered.status, answered.headers[ROLE_HEADER]]).toEqual([200, 'operator']);
    const refused: Record<string, string>[] = [
      { host: 'evil.example' },
      { host: `localhost.evil.example:${admin.port}` },
      { 'x-forwarded-for': '127.0.0.1' },
      { forwarded: 'for=127.0.0.1' },
      { 'x-real-ip': '127.0.0.1' },
    ];
    for (const headers of refused) {
      for (const line of ['GET /pools', 'POST /pool/manual?size=4', 'GET /pools/ui']) {
        expect([headers, line, (await admin.ask(line, { headers })).status]).toEqual([headers, line, 403]);
      }
    }
    expect((await admin.ask('GET /pools', { headers: { host: `localhost:${admin.port}` } })).status).toBe(200);
    expect((await admin.ask('GET /pools', { headers: { host: '[::1]' } })).status).toBe(200);
    expect(admin.log.lines).toContainEqual({
      level: 'warn',
      message: expect.stringContaining('NOBODY IS ASKED WHO THEY ARE'),
      context: 'PoolAdmin',
    });
    expect(admin.pools.snapshot('images').override).toBeNull();
  });

  test.each<[string, () => unknown, number]>([
    [
      'throws',
      () => {
        throw new Error('no session');
      },
      403,
    ],
    ['rejects', () => Promise.reject(new Error('no session')), 403],
    ['tells undefined', () => undefined, 403],
    ['tells an unknown role', () => 'admin', 403],
    ['tells true', () => true, 403],
    ['resolves with a role', () => Promise.resolve('viewer'), 200],
  ])('a role() that %s is closed, not open', async (_, role, status) => {
    const { ask } = await start({ role });
    const answer = await ask('GET /pools', { token: 'operator' });
    expect(answer.status).toBe(status);
    expect(answer.text).not.toContain('no session');
  });

  test('an owner() that throws is a 500 that tells nothing, and nothing changes', async () => {
    const admin = await start({
      owner: () => {
        throw new Error('secret');
      },
    });
    const { status, text } = await admin.ask('POST /pool/manual?size=4', { token: 'operator' });
    expect(status).toBe(500);
    expect(text).not.toContain('secret');
    expect(admin.pools.snapshot('images').override).toBeNull();
  });

  test("the option owner wins over the body's, and is made fit for a line", async () => {
    const { ask, pools, audit } = await start({ owner: () => `ada\n${'x'.repeat(300)}` });
    await ask('PUT /pools/images/override', { token: 'operator', body: { size: 2, owner: 'mallory' } });
    const { owner } = pools.snapshot('images').override!;
    expect([owner.startsWith('ada\ufffdx'), owner.length]).toEqual([true, 200]);
    expect(audit()[0]).toMatchObject({ owner });
  });
});
