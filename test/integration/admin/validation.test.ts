import { once } from 'node:events';
import { request as send, type IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { ADAPTERS, slots, startAdmin } from './support.js';

const BAD_SIZES = [
  '0',
  '-1',
  'NaN',
  '1e9',
  '4abc',
  '',
  '4.5',
  '1e0',
  '04',
  '+4',
  '%204',
  '0x4',
  '9',
  '99999999999999999999',
  'Infinity',
  '%EF%BC%94',
  'null',
  '[]',
];
const BAD_JSON_SIZES: unknown[] = [0, -1, 9, 4.5, 1e9, '4', '', null, true, [], [4], {}, { valueOf: 4 }];

describe.each(ADAPTERS)('on %s', (adapter) => {
  test('POST /pool/manual: each size that is none is 422 with the allowed range, and nothing changes (O3)', async () => {
    const { ask, pools } = await startAdmin(adapter, { admin: { allowUnguarded: true, rateLimit: false } });
    const before = JSON.stringify(pools.snapshot('images').counters);
    const queries = [...BAD_SIZES.map((size) => `?size=${size}`), '', '?size', '?size=1&size=2', '?size=4&size=4'];
    for (const query of queries) {
      const { status, json } = await ask(`POST /pool/manual${query}`);
      expect([query, status, json.error, json.allowed]).toEqual([
        query,
        422,
        'Unprocessable Entity',
        { min: 1, max: 8 },
      ]);
      expect(json.message).toContain('from 1 to 8');
    }
    for (const query of [
      '?size[]=4',
      '?size[0]=4',
      '?size=4&sise=4',
      '?size=4&__proto__=1',
      '?size=4&pool=images&pool=images',
    ]) {
      const { status } = await ask(`POST /pool/manual${query}`);
      expect([query, status]).toEqual([query, 422]);
    }
    expect((await ask('POST /pool/manual?size=4', { body: { size: 4 } })).status).toBe(422);
    expect(JSON.stringify(pools.snapshot('images').counters)).toBe(before);
    expect(pools.snapshot('images')).toMatchObject({ target: 1, override: null });
  });

  test('PUT override: each size that is none is 422 with the allowed range, and nothing changes (O3)', async () => {
    const { ask, pools } = await startAdmin(adapter, { admin: { allowUnguarded: true, rateLimit: false } });
    for (const size of BAD_JSON_SIZES) {
      const { status, json } = await ask('PUT /pools/images/override', { body: { size } });
      expect([size, status, json.allowed]).toEqual([size, 422, { min: 1, max: 8 }]);
    }
    expect((await ask('PUT /pools/images/override', { body: {} })).json.allowed).toEqual({ min: 1, max: 8 });
    expect((await ask('PUT /pools/images/override', { body: { size: 0 } })).json.message).toContain('pause it');
    expect(pools.snapshot('images')).toMatchObject({ target: 1, override: null });
  });

  test.each<[string, unknown]>([
    ['forMs 0', { size: 2, forMs: 0 }],
    ['forMs below 0', { size: 2, forMs: -5 }],
    ['forMs as text', { size: 2, forMs: '10m' }],
    ['forMs in parts', { size: 2, forMs: 1.5 }],
    ['forMs longer than a timer honours', { size: 2, forMs: 2 ** 31 }],
    ['forMs null', { size: 2, forMs: null }],
    ['reason no text', { size: 2, reason: 5 }],
    ['reason empty', { size: 2, reason: ' ' }],
    ['reason too long', { size: 2, reason: 'x'.repeat(201) }],
    ['reason of two lines', { size: 2, reason: 'a\nb' }],
    ['reason with an escape sequence', { size: 2, reason: '\u001b[31mred' }],
    ['reason with U+2028', { size: 2, reason: 'a\u2028b' }],
    ['reason that turns the text', { size: 2, reason: 'a\u202eb' }],
    ['owner an object', { size: 2, owner: { toString: 1 } }],
    ['owner with NUL', { size: 2, owner: 'a\u0000b' }],
    ['half a character', { size: 2, owner: '\ud800' }],
    ['an unknown field', { size: 2, sise: 2 }],
    ['__proto__', '{"size":2,"__proto__":{"polluted":true}}'],
    ['constructor', '{"size":2,"constructor":{"prototype":{"polluted":true}}}'],
    ['an array', [{ size: 2 }]],
  ])('PUT override with %s is 422, and nothing changes', async (_, body) => {
    const { ask, pools } = await startAdmin(adapter, { admin: { allowUnguarded: true } });
    const { status, json } = await ask('PUT /pools/images/override', { body });
    expect([status, json]).toEqual([
      422,
      { statusCode: 422, error: 'Unprocessable Entity', message: expect.any(String) },
    ]);
    expect(pools.snapshot('images')).toMatchObject({ target: 1, override: null });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('the longest time, and text of other scripts, are taken', async () => {
    const { ask } = await startAdmin(adapter, { admin: { allowUnguarded: true } });
    const body = { size: 2, forMs: 2 ** 31 - 1, reason: 'Größe 👩‍💻 مرحبا', owner: '山田' };
    const { status, json } = await ask('PUT /pools/images/override', { body });
    expect([status, json.override]).toMatchObject([200, { reason: 'Größe 👩‍💻 مرحبا', owner: '山田' }]);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['an empty object', {}],
    ['an unknown preset', { preset: 'warp' }],
    ['an unknown part', { presett: 'thrifty' }],
    ['a decider that is none', { decider: { type: 'nonsense' } }],
    ['a wrapped number', { policy: 4 }],
    ['a wrapped array', { policy: ['thrifty'] }],
    ['more beside a wrapped policy', { policy: 'thrifty', size: 4 }],
    ['a prototype deep inside', '{"decider":{"type":"threshold","__proto__":{"polluted":true}}}'],
    [
      'an address to call',
      {
        signals: {
          x: { type: 'ewma', alpha: 0.5, of: { type: 'prometheus', url: 'http://127.0.0.1:1', query: 'up' } },
        },
      },
    ],
    ['a deep nest', `{"decider":${'{"of":'.repeat(2_000)}1${'}'.repeat(2_000)}}`],
    [
      'a schedule so long that reading it would stop this thread',
      {
        forecast: { type: 'schedule', entries: Array.from({ length: 51 }, () => ({ cron: '0 8 * * *', workers: 2 })) },
      },
    ],
  ])('PATCH policy with %s is 422, and the policy stays', async (_, body) => {
    const { ask, pools } = await startAdmin(adapter, {
      pools: { images: slots({ scaling: 'latency' }) },
      admin: { allowUnguarded: true },
    });
    const { status, json } = await ask('PATCH /pools/images/policy', { body });
    expect([status, typeof json.message]).toEqual([422, 'string']);
    expect(pools.policy('images')).toBe('latency');
  });

  test.each([
    'decisions?limit=0',
    'decisions?limit=1001',
    'decisions?limit=x',
    'decisions?limit=1&limit=2',
    'decisions?offset=1',
    'history?seconds=0',
    'history?seconds=901',
    'history?seconds=1.5',
    'health?x=1',
    'quarantine?limit=0',
    'quarantine?limit=1001',
    'quarantine?id=1',
  ])('GET %s is 422', async (path) => {
    const { ask } = await startAdmin(adapter);
    expect((await ask(`GET /pools/images/${path}`, { token: 'viewer' })).status).toBe(422);
  });

  test('a dry run refuses what is no request for one, and says where there is no history (409)', async () => {
    const { ask } = await startAdmin(adapter, { pools: { images: slots({ scaling: 'latency' }) } });
    const bad = [
      {},
      { policy: 'warp' },
      { policy: 'course', minutes: 0 },
      { policy: 'course', hours: 1 },
      {
        policy: {
          forecast: {
            type: 'schedule',
            entries: Array.from({ length: 51 }, () => ({ cron: '0 8 * * *', workers: 2 })),
          },
        },
      },
      { policy: { signals: { x: { type: 'prometheus', url: 'http://127.0.0.1:1', query: 'up' } } } },
    ];
    for (const body of bad) {
      const { status } = await ask('POST /pools/images/dry-run', { token: 'viewer', body });
      expect([JSON.stringify(body), status]).toEqual([JSON.stringify(body), 422]);
    }
    const { status, json } = await ask('POST /pools/images/dry-run', { token: 'viewer', body: { policy: 'course' } });
    expect([status, json.error]).toEqual([409, 'Conflict']);
  });

  test('bodies that are no JSON, or say they are something else, are 400 and 415', async () => {
    const { ask, pools } = await startAdmin(adapter, { admin: { allowUnguarded: true, rateLimit: false } });
    const put = (body: string, headers: Record<string, string> = {}) =>
      ask('PUT /pools/images/override', { body, headers });
    const broken = await put('{"size":');
    expect([broken.status, broken.json]).toEqual([
      400,
      { statusCode: 400, error: 'Bad Request', message: 'the body is not JSON.' },
    ]);
    for (const type of [
      'application/x-www-form-urlencoded',
      'text/plain',
      'multipart/form-data; boundary=x',
      'application/jsonp',
      'application/json5',
      'x',
    ]) {
      const { status, json } = await put('{"size":2}', { 'content-type': type });
      expect([type, status, json.error]).toEqual([type, 415, 'Unsupported Media Type']);
    }
    // Express tries to inflate it first, and finds that it is none.
    expect([400, 415]).toContain((await put('{"size":2}', { 'content-encoding': 'gzip' })).status);
    expect((await ask('POST /pools/images/pause', { headers: { 'content-type': 'text/plain' } })).status).toBe(415);
    expect((await put('', {})).status).toBe(422);
    expect((await ask('POST /pools/images/resume', { body: '' })).status).toBe(200);
    expect(pools.snapshot('images')).toMatchObject({ target: 1, state: 'open', override: null });
    expect((await put('{"size":2}', { 'content-type': 'Application/JSON; charset=utf-8' })).status).toBe(200);
  });

  test.each<[string, number]>([
    ['17 KiB', 17 * 1_024],
    ['200 KiB', 200 * 1_024],
    ['2 MiB', 2 * 1_024 * 1_024],
  ])('a body of %s is 413, announced or in pieces, and nothing changes', async (_, length) => {
    const { ask, pools } = await startAdmin(adapter, { admin: { allowUnguarded: true } });
    const body = JSON.stringify({ size: 2, reason: 'x'.repeat(length) });
    const refusal = { statusCode: 413, error: 'Payload Too Large', message: expect.any(String) };
    const announced = await ask('PUT /pools/images/override', { body });
    expect([announced.status, announced.json]).toEqual([413, refusal]);
    const inPieces = await ask('PUT /pools/images/override', { body, headers: { 'transfer-encoding': 'chunked' } });
    expect([inPieces.status, inPieces.json]).toEqual([413, refusal]);
    expect(pools.snapshot('images')).toMatchObject({ target: 1, override: null });
  });

  // Express's own parser takes in, and drops, what was announced before it refuses.
  test.runIf(adapter === 'fastify')(
    'a body that is announced as too large is 413 before any of it was sent',
    async () => {
      const { port } = await startAdmin(adapter, { admin: { allowUnguarded: true } });
      const headers = { 'content-type': 'application/json', 'content-length': '1000000' };
      const request = send({ host: '127.0.0.1', port, method: 'PUT', path: '/pools/images/override', headers });
      request.flushHeaders();
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      expect(response.statusCode).toBe(413);
      request.on('error', () => undefined).destroy();
    },
  );

  test.each(['__proto__', 'constructor', 'prototype'])(
    'a signal cannot be called %s, nor can any other key',
    async (key) => {
      const { ask } = await startAdmin(adapter, {
        pools: { images: slots({ scaling: 'latency' }) },
        admin: { allowUnguarded: true },
      });
      const refused = { statusCode: 422, message: expect.stringContaining('which is not allowed') };
      const body = `{"preset":"course","signals":{"${key}":{"type":"wait"}}}`;
      expect((await ask('PATCH /pools/images/policy', { body })).json).toMatchObject(refused);
      const dryRun = await ask('POST /pools/images/dry-run', { body: `{"policy":${body}}` });
      expect(dryRun.json).toMatchObject(refused);
      const override = await ask('PUT /pools/images/override', { body: `{"size":2,"${key}":1}` });
      expect(override.json).toMatchObject(refused);
    },
  );

  test('a small body in pieces is taken', async () => {
    const { ask } = await startAdmin(adapter, { admin: { allowUnguarded: true } });
    const { status } = await ask('PUT /pools/images/override', {
      body: { size: 2 },
      headers: { 'transfer-encoding': 'chunked' },
    });
    expect(status).toBe(200);
  });

  test('an application without body parsers of its own: the routes read their bodies themselves', async () => {
    const { ask } = await startAdmin(adapter, { admin: { allowUnguarded: true }, create: { bodyParser: false } });
    expect((await ask('PUT /pools/images/override', { body: { size: 2 } })).json).toMatchObject({ target: 2 });
    expect((await ask('PUT /pools/images/override', { body: 'x'.repeat(17 * 1_024) })).status).toBe(413);
    expect((await ask('PUT /pools/images/override', { body: '{' })).status).toBe(400);
  });
});
