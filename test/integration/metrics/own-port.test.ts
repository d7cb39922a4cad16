import { createServer, request, type RequestOptions } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { ModuleMetadata } from '@nestjs/common';
import { register } from 'prom-client';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { PoolMetricsModule } from '../../../lib/entries/prometheus.js';
import { PoolConfigError, PoolService } from '../../../lib/index.js';
import { parseExposition } from '../../support/exposition.js';
import { settled } from '../../support/settled.js';
import { createApp, failure, Remembering, startApp } from '../nest/support.js';
import { asyncPool, Hand, poolsModule } from './support.js';

afterEach(() => register.clear());

const metadata = (port: number, pool = {}): ModuleMetadata => ({
  imports: [poolsModule({ main: asyncPool(pool) }), PoolMetricsModule.register({ port })],
});

/** An application that serves its metrics on a free port, and where. */
async function serving(pool = {}) {
  const logger = new Remembering();
  const app = await startApp(metadata(0, pool), logger);
  const [, url] = logger.lines.map(({ message }) => /served at (\S+)/.exec(String(message))).find(Boolean) ?? [];
  return { app, url: url! };
}

test('a port of its own serves GET /metrics, without PrometheusModule, and nothing else (O1)', async () => {
  const { url } = await serving();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
  for (const query of ['', '?', '?name=pool_size']) {
    const response = await fetch(url + query);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, register.contentType]);
    expect(parseExposition(await response.text()).value('pool_size', { pool: 'main' })).toBe(2);
  }
  const others: RequestOptions[] = [
    ...['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'].map((method) => ({ method, path: '/metrics' })),
    ...['/', '/metrics/', '/Metrics', '//metrics', '/pools/../metrics', '/metrics/../x', '/%6detrics'].map((path) => ({
      path,
    })),
  ];
  const { hostname, port } = new URL(url);
  for (const options of others) {
    const sent = request({ hostname, port, ...options }).end();
    const [{ statusCode }] = await once(sent, 'response');
    sent.destroy();
    expect([options, statusCode]).toEqual([options, 404]);
  }
});

test('the port stays open while the pools drain, and closes with the application, connections kept alive included (O1)', async () => {
  const hand = new Hand();
  const { app, url } = await serving({ tasks: { hand: hand.task } });
  const running = settled(app.get(PoolService).get('main').run('hand'));
  await expect.poll(() => app.get(PoolService).snapshot('main').busy).toBe(1);
  const closed = app.close();
  await expect.poll(() => app.get(PoolService).snapshot('main').state).toBe('draining');
  const { value } = parseExposition(await (await fetch(url)).text());
  expect(value('pool_busy', { pool: 'main' })).toBe(1);
  hand.endAll();
  await Promise.all([running, closed]);
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

test('a port in use keeps the application from starting, with a clear error, and leaves no metrics behind (O1)', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const app = await createApp(metadata(port));
  const error = await failure(app.init());
  expect(error).toBeInstanceOf(PoolConfigError);
  expect(error.message).toMatch(new RegExp(`port ${port} at 127\\.0\\.0\\.1 is in use\\. Choose another port`));
  expect(error.cause).toMatchObject({ code: 'EADDRINUSE' });
  expect(register.getMetricsAsArray()).toEqual([]);
});

test('a host that is none of this machine is told as well (O1)', async () => {
  const imports = [poolsModule({ main: asyncPool() }), PoolMetricsModule.register({ port: 0, host: '192.0.2.1' })];
  const error = await failure(startApp({ imports }));
  expect(error).toBeInstanceOf(PoolConfigError);
  expect(error.message).toContain('port 0 at 192.0.2.1 cannot be opened (EADDRNOTAVAIL)');
});

test('a metric that fails is told as 500, and the server goes on (O1)', async () => {
  const { app, url } = await serving();
  const service = app.get(PoolService);
  const { snapshot } = service;
  service.snapshot = () => {
    throw new Error('no snapshot today');
  };
  const response = await fetch(url);
  expect([response.status, await response.text()]).toEqual([500, 'The metrics cannot be told: no snapshot today\n']);
  service.snapshot = snapshot;
  expect((await fetch(url)).status).toBe(200);
});
