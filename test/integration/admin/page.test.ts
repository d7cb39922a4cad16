import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { PageFiles } from '../../../lib/admin/http/page-files.js';
import { PoolAdminModule, type PoolAdminOptions } from '../../../lib/entries/admin.js';
import { DynamicPoolModule } from '../../../lib/index.js';
import { ADAPTERS, asking, roleOf, slots, TokenGuard, type Adapter } from './support.js';

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** With a page of three stand-in files, by the testing module, whose adapter comes later than its providers. */
async function startPage(adapter: Adapter, admin: PoolAdminOptions = {}, files = ['index.html', 'app.js', 'app.css']) {
  const directory = await mkdtemp(path.join(tmpdir(), 'pool-page-'));
  for (const file of files) await writeFile(path.join(directory, file), `content of ${file}`);
  await writeFile(path.join(directory, 'secret.txt'), 'secret');
  const imports = [
    DynamicPoolModule.forRoot({ pools: { images: slots() } }),
    PoolAdminModule.forRoot({ guards: [TokenGuard], role: roleOf, ...admin }),
  ];
  const module = await Test.createTestingModule({ imports })
    .overrideProvider(PageFiles)
    .useValue(new PageFiles(directory))
    .compile();
  const app =
    adapter === 'express'
      ? module.createNestApplication({ logger: false })
      : module.createNestApplication(new FastifyAdapter(), { logger: false });
  onTestFinished(async () => {
    await app.close();
    await rm(directory, { recursive: true });
  });
  await app.listen(0, '127.0.0.1');
  return asking((app.getHttpServer().address() as { port: number }).port);
}

describe.each(ADAPTERS)('on %s', (adapter) => {
  test('the page is public, under a strict policy for its content, and asked for anew by its ETag', async () => {
    const ask = await startPage(adapter);
    for (const [line, type, file] of [
      ['GET /pools/ui', 'text/html; charset=utf-8', 'index.html'],
      ['GET /pools/ui/app.js', 'text/javascript; charset=utf-8', 'app.js'],
      ['GET /pools/ui/app.css', 'text/css; charset=utf-8', 'app.css'],
    ] as const) {
      const { status, headers, text } = await ask(line);
      expect([line, status, text]).toEqual([line, 200, `content of ${file}`]);
      expect(headers).toMatchObject({
        'content-type': type,
        'content-security-policy': CSP,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-cache',
      });
      const again = await ask(line, { headers: { 'if-none-match': headers.etag! } });
      expect([again.status, again.text]).toEqual([304, '']);
      expect((await ask(line, { headers: { 'if-none-match': '"else"' } })).status).toBe(200);
    }
    // A link from anywhere may lead here: there is nothing in it to take.
    expect((await ask('GET /pools/ui', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(200);
  });

  test('nothing but the three files is served', async () => {
    const ask = await startPage(adapter);
    for (const file of [
      'secret.txt',
      '..%2fsecret.txt',
      'app.js%00',
      'app.js/..%2fsecret.txt',
      '%2e%2e/secret.txt',
      'index.html',
      'APP.js.map',
    ]) {
      const { status, text } = await ask(`GET /pools/ui/${file}`, { token: 'operator' });
      expect([file, [400, 404].includes(status)]).toEqual([file, true]);
      expect(text).not.toContain('content of');
    }
  });

  test('ui: false switches it off (404)', async () => {
    const ask = await startPage(adapter, { ui: false });
    for (const file of ['ui', 'ui/app.js', 'ui/app.css']) expect((await ask(`GET /pools/${file}`)).status).toBe(404);
    expect((await ask('GET /pools', { token: 'viewer' })).status).toBe(200);
  });

  test('a page that was not built is a 503 that says so', async () => {
    const ask = await startPage(adapter, {}, []);
    const { status, json } = await ask('GET /pools/ui');
    expect([status, json.message]).toEqual([503, expect.stringContaining('the page was not built')]);
  });

  test('with the testing module too, bodies are read and refused as they should', async () => {
    const ask = await startPage(adapter);
    const put = (body: unknown) => ask('PUT /pools/images/override', { token: 'operator', body });
    expect((await put({ size: 2 })).status).toBe(200);
    expect((await put('{"size":2,"__proto__":{}}')).status).toBe(422);
    expect((await put('x'.repeat(300_000))).json).toMatchObject({ statusCode: 413, error: 'Payload Too Large' });
  });
});

test('with a slash at its end the page is elsewhere, since its files are found relative to it', async () => {
  const ask = await startPage('express');
  const { status, headers } = await ask('GET /pools/ui/');
  expect([status, headers.location]).toEqual([308, '../ui']);
});

test('the files are looked for in the package, wherever this code runs from', () => {
  expect(new PageFiles().directory).toBe(path.resolve('dist/bundle/ui'));
});
