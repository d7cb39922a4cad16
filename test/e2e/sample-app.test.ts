import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAMPLE_IMAGE, SAMPLE_TABLES } from '../../sample-app/data-files.js';
import { Jimp } from '../../sample-app/images/codec.js';
import type { Report } from '../../sample-app/reports/report.js';
import { form, type SampleApp, startSampleApp } from './sample-app-process.js';

interface Counters {
  readonly submitted: number;
  readonly cancelled: number;
}

const TOKENS = { DYNAMIC_POOL_TOKEN: 'test-operator', DYNAMIC_POOL_VIEWER_TOKEN: 'test-viewer' };

let app: SampleApp;
let image: Buffer;

const post = (path: string, body: FormData | null, signal: AbortSignal | null = null) =>
  fetch(`${app.url}${path}`, { method: 'POST', body, signal });
const asViewer = { headers: { Authorization: 'Bearer test-viewer' } };
const asOperator = { headers: { Authorization: 'Bearer test-operator' } };
const get = async (path: string) => (await fetch(`${app.url}${path}`, asViewer)).json() as Promise<any>;
const counters = async (pool: string): Promise<Counters> => {
  const pools = (await get('/pools')) as { name: string; counters: Counters }[];
  return pools.find(({ name }) => name === pool)!.counters;
};

describe('the sample application', () => {
  beforeAll(async () => {
    [image, app] = await Promise.all([readFile(SAMPLE_IMAGE), startSampleApp(TOKENS)]);
  }, 20_000);
  afterAll(() => app?.stop());

  describe('thumbnails', () => {
    it('fit the asked size, keep their shape and the format of the upload', async () => {
      const png = Buffer.from(await new Jimp({ width: 400, height: 100, color: 0x3366ccff }).getBuffer('image/png'));
      const cases = [
        { upload: image, query: '', type: 'image/jpeg', width: 320, height: 240 },
        { upload: image, query: '?width=100&height=200', type: 'image/jpeg', width: 100, height: 75 },
        { upload: png, query: '?width=64&height=64', type: 'image/png', width: 64, height: 16 },
        { upload: png, query: '?width=1024&height=1024', type: 'image/png', width: 400, height: 100 },
      ];
      for (const { upload, query, type, width, height } of cases) {
        const response = await post(`/images/thumbnail${query}`, form(upload));
        const body = Buffer.from(await response.arrayBuffer());
        expect(response.status).toBe(200);
        expect(response.headers.get('content-type')).toBe(type);
        expect(response.headers.get('content-length')).toBe(String(body.length));
        const decoded = await Jimp.fromBuffer(body);
        expect({ mime: decoded.mime, width: decoded.width, height: decoded.height }).toEqual({
          mime: type,
          width,
          height,
        });
      }
    });

    it('are the same bytes, and the same error bodies, where the methods run unpooled', async () => {
      const unpooled = await startSampleApp({ POOLED: 'false' });
      try {
        for (const upload of [image, 'no image', image.subarray(0, 4000)]) {
          const [here, there] = await Promise.all(
            [app.url, unpooled.url].map(async (url) => {
              const response = await fetch(`${url}/images/thumbnail`, { method: 'POST', body: form(upload) });
              return { status: response.status, body: Buffer.from(await response.arrayBuffer()).toString('base64') };
            }),
          );
          expect(here).toEqual(there);
        }
      } finally {
        await unpooled.stop();
      }
    });

    it('of clients who went away are cancelled', async () => {
      const before = await counters('images');
      const leaving = new AbortController();
      const calls = Array.from({ length: 6 }, () => post('/images/thumbnail', form(image), leaving.signal));
      const settled = Promise.allSettled(calls);
      await expect
        .poll(async () => (await counters('images')).submitted, { timeout: 5000, interval: 10 })
        .toBe(before.submitted + 6);
      leaving.abort();
      await settled;
      await expect
        .poll(async () => (await counters('images')).cancelled, { timeout: 5000, interval: 10 })
        .toBeGreaterThan(before.cancelled);
    });
  });

  describe('reports', () => {
    it.each([
      // Worked out with Python's statistics module (quantiles of the inclusive method).
      {
        file: SAMPLE_TABLES[0],
        rows: 1440,
        name: 'invocations_per_60s',
        figures: {
          min: 0,
          max: 20,
          mean: 3.142361111111111,
          standardDeviation: 7.262850917878711,
          median: 0,
          p90: 20,
          p99: 20,
        },
      },
      {
        file: SAMPLE_TABLES[1],
        rows: 3502,
        name: 'requests_per_1s',
        figures: {
          min: 0,
          max: 16,
          mean: 5.529982866933181,
          standardDeviation: 2.768531690845157,
          median: 5,
          p90: 9,
          p99: 13,
        },
      },
    ])('describe $name, are saved by the thread and read back by the main one', async (expected) => {
      const response = await post('/reports', form(await readFile(expected.file), 'series.csv'));
      expect(response.status).toBe(201);
      const report = (await response.json()) as Report;
      expect(report).toMatchObject({ name: 'series.csv', rows: expected.rows });
      const close = (value: number) => expect.closeTo(value, 9);
      expect(report.columns).toEqual([
        {
          name: expected.name,
          type: 'number',
          count: expected.rows,
          missing: 0,
          ...Object.fromEntries(Object.entries(expected.figures).map(([figure, value]) => [figure, close(value)])),
        },
      ]);
      expect(await get(`/reports/${report.id}`)).toEqual(report);
      expect((await get('/reports')).map(({ id }: Report) => id)).toContain(report.id);
    });

    it('tell text from numbers and count what is missing', async () => {
      const response = await post('/reports', form('price,colour\n1,red\n2.5,"blue, dark"\n,red\n-4,\n'));
      const { columns } = (await response.json()) as Report;
      expect(columns).toMatchObject([
        { name: 'price', type: 'number', count: 3, missing: 1, min: -4, max: 2.5, median: 1 },
        {
          name: 'colour',
          type: 'text',
          count: 3,
          missing: 1,
          distinct: 2,
          top: [
            { value: 'red', count: 2 },
            { value: 'blue, dark', count: 1 },
          ],
        },
      ]);
    });

    it('that do not exist are a 404', async () => {
      const response = await fetch(`${app.url}/reports/none`);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ message: 'There is no report none.' });
    });
  });

  it('refuses bad uploads with the status and body that the thread threw', async () => {
    const hugePng = Buffer.alloc(33);
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]).copy(hugePng);
    hugePng.writeUInt32BE(20_000, 16);
    hugePng.writeUInt32BE(20_000, 20);
    const thumbnail = '/images/thumbnail';
    const cases: [string, FormData | null, number, RegExp][] = [
      [thumbnail, form('a,b\n1,2\n'), 415, /PNG or JPEG/],
      [thumbnail, form(image.subarray(0, 4000)), 400, /damaged/],
      [thumbnail, form(hugePng), 400, /400\.0 megapixels; at most 24/],
      [thumbnail, null, 400, /File is required/],
      [thumbnail, form(new Uint8Array(9 * 1024 * 1024)), 413, /File too large/],
      [`${thumbnail}?width=0`, form(image), 400, /width must be a whole number from 16 to 1024/],
      [`${thumbnail}?height=1e3`, form(image), 400, /height must be .* got "1e3"/],
      ['/reports', form(image), 415, /CSV file in UTF-8/],
      ['/reports', form(''), 400, /at least one row/],
      ['/reports', form('a,b\n1,2\n3\n'), 400, /line 3/],
      ['/reports', form(`${'a,'.repeat(300)}a\n${'1,'.repeat(300)}1\n`), 400, /301 columns; at most 200/],
    ];
    for (const [path, body, status, message] of cases) {
      const response = await post(path, body);
      expect(await response.json()).toMatchObject({ statusCode: status, message: expect.stringMatching(message) });
      expect(response.status).toBe(status);
    }
  });

  describe('rates', () => {
    it('asks the vendor on a thread, and refuses what is not traded', async () => {
      expect(await get('/rates/CHF')).toEqual({ currency: 'CHF', perEuro: 0.93 });
      expect((await fetch(`${app.url}/rates/ABC`)).status).toBe(404);
      expect((await fetch(`${app.url}/rates/swiss`)).status).toBe(400);
    });

    it('grows with the calls that wait, and tells why', async () => {
      await Promise.all(Array.from({ length: 40 }, () => get('/rates/USD')));
      const decisions = (await get('/pools/rates/decisions')) as { from: number; to: number; reason: string }[];
      const grown = decisions.find(({ from, to }) => to > from);
      expect(grown).toMatchObject({ pool: 'rates', heldBy: null });
      expect(grown!.reason).toMatch(/tasks? waits?|would wait over 100 ms/);
      expect((await fetch(`${app.url}/pools/none/decisions`, asViewer)).status).toBe(404);
    });
  });

  it('tells its health, its pools, its metrics and its routes', async () => {
    const health = await get('/health');
    // The burst of the test before may still be in the window of the wait times.
    expect(['ok', 'degraded']).toContain(health.status);
    expect(Object.keys(health.details)).toEqual(
      expect.arrayContaining(['pools', 'pool:images', 'pool:reports', 'pool:rates', 'dynamic-pool:rates']),
    );
    expect((await get('/health/live')).status).toBe('ok');
    const pools = await get('/pools');
    expect(pools.map(({ name }: { name: string }) => name)).toEqual(['images', 'reports', 'rates']);
    const metrics = await (await fetch(`${app.url}/metrics`)).text();
    expect(metrics).toContain('nodejs_eventloop_lag_seconds');
    expect(metrics).toMatch(/^pool_size\{pool="images"\} [12]$/m);
    expect((await fetch(`${app.url}/docs`)).status).toBe(200);
    expect(Object.keys((await get('/docs-json')).paths)).toEqual(
      expect.arrayContaining([
        '/images/thumbnail',
        '/reports',
        '/reports/{id}',
        '/rates/{currency}',
        '/health',
        '/pools',
        '/pools/{name}/override',
        '/pool/manual',
        '/metrics',
      ]),
    );
  });

  it('lets an operator steer its pools, and a viewer look', async () => {
    const manual = (query: string, init: RequestInit) =>
      fetch(`${app.url}/pool/manual?${query}`, { ...init, method: 'POST' });
    expect((await manual('size=4&pool=rates', {})).status).toBe(401);
    expect((await manual('size=4&pool=rates', asViewer)).status).toBe(403);
    for (const size of ['0', '-1', 'NaN', '1e9', '4abc']) {
      const refused = await manual(`size=${size}&pool=rates`, asOperator);
      expect(refused.status).toBe(422);
      expect(await refused.json()).toMatchObject({ allowed: { min: 1, max: 8 } });
    }
    const several = await manual('size=4', asOperator);
    expect(several.status).toBe(409);
    expect(await several.json()).toMatchObject({ pools: ['images', 'reports', 'rates'] });
    expect((await get('/pools/rates')).override).toBeNull();

    const resized = await manual('size=4&pool=rates', asOperator);
    expect(resized.status).toBe(200);
    expect(await resized.json()).toMatchObject({ name: 'rates', target: 4, override: { size: 4, until: null } });
    const released = await fetch(`${app.url}/pools/rates/override`, { ...asOperator, method: 'DELETE' });
    expect(await released.json()).toMatchObject({ override: null });
  });

  it('serves the page without a token, and no data with it', async () => {
    const page = await fetch(`${app.url}/pools/ui`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect((await fetch(`${app.url}/pools`)).status).toBe(401);
  });

  it('on SIGTERM says it is not ready, answers what it had accepted, and exits with code 0', async () => {
    const before = await counters('images');
    const calls = Array.from({ length: 6 }, () => post('/images/thumbnail', form(image)));
    await expect
      .poll(async () => (await counters('images')).submitted, { timeout: 5000, interval: 10 })
      .toBe(before.submitted + 6);

    const stopped = app.stop();
    await expect.poll(async () => (await fetch(`${app.url}/health`)).status, { timeout: 5000, interval: 10 }).toBe(503);
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(await stopped).toEqual({ code: 0, signal: null });
  });
});
