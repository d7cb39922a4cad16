import { createServer } from 'node:http';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { describe, expect, it, vi } from 'vitest';
import { createPool } from 'nestjs-dynamic-pool/core';
import { DynamicPoolModule, PoolService } from 'nestjs-dynamic-pool';
import { fetchAll } from '../fixtures/docs/async-pool.js';
import { Search, SearchController } from '../fixtures/docs/cancel.js';
import { bootstrap } from '../fixtures/docs/main.js';
import { main } from '../fixtures/docs/core.js';
import { replay, result } from '../fixtures/docs/loads.js';
import { Operations } from '../fixtures/docs/operate.js';
import { OperatedModule } from '../fixtures/docs/operations.js';
import { Converter, MoneyModule } from '../fixtures/docs/pool-worker.js';
import { addFor, customers } from '../fixtures/docs/queueing.js';
import { AppModule } from '../fixtures/docs/quick-start.js';
import { keepsUp } from '../fixtures/docs/run-load.js';
import { costOf } from '../fixtures/docs/short-tasks.js';
import { size, sizing } from '../fixtures/docs/sizing.js';

const pages = ['README.md', ...readdirSync('docs').map((file) => `docs/${file}`)].filter((file) =>
  file.endsWith('.md'),
);
const MARKER = /<!-- runs as (?<file>\S+) -->\n/;

describe.each(pages)('%s', (page) => {
  const text = readFileSync(page, 'utf8');
  const blocks = [...text.matchAll(/(?<before>[^\n]*\n)```ts\n(?<code>[\s\S]*?)```/g)].map((match) => match.groups!);

  it('shows TypeScript only as it stands in a file that a test runs', () => {
    for (const { before, code } of blocks) {
      const file = MARKER.exec(before!)?.groups!.file;
      expect(file, `this snippet of ${page} has no "<!-- runs as FILE -->" above it:\n${code}`).toBeDefined();
      expect(code).toBe(readFileSync(path.join('test/fixtures/docs', file!), 'utf8'));
    }
  });

  it('links to files that exist', () => {
    const links = [...text.matchAll(/\]\((?<target>[^)#:]+)(#[^)]*)?\)/g)].map((match) => match.groups!.target!);
    const broken = links.filter((link) => !existsSync(path.join(path.dirname(page), link)));
    expect(broken).toEqual([]);
  });
});

describe('the snippets of the docs', () => {
  it('on call: metrics, the page and a resize by hand, from three modules (O1, O3)', async () => {
    const app = await NestFactory.create(OperatedModule, { logger: false });
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    expect((await fetch(`${url}/pool/manual?size=4`, { method: 'POST' })).status).toBe(200);
    expect(app.get(PoolService).snapshot('pricing').override?.size).toBe(4);
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('pool_target{pool="pricing"} 4');
    expect((await fetch(`${url}/pools/ui`)).headers.get('content-type')).toContain('text/html');
    await app.close();
  });

  it('quick start: a decorated method answers over HTTP from a thread', async () => {
    const app = await NestFactory.create(AppModule, { logger: false });
    await app.listen(0, '127.0.0.1');
    const response = await fetch(`${await app.getUrl()}/quote?strike=100`);
    const quote = Number(await response.text());
    expect(quote).toBeGreaterThan(8);
    expect(quote).toBeLessThan(13);
    expect(app.get(PoolService).snapshot('pricing').counters.completed).toBe(1);
    await app.close();
  });

  it('main.ts: shutdown hooks are on', async () => {
    const before = process.listenerCount('SIGTERM');
    const { app, url } = await bootstrap(0);
    expect((await fetch(`${url}/quote?strike=90`)).status).toBe(200);
    expect(process.listenerCount('SIGTERM')).toBe(before + 1);
    await app.close();
  });

  it('@PoolWorker: a dependency under a token is there in the worker', async () => {
    const app = await NestFactory.createApplicationContext(MoneyModule, { logger: false });
    expect(await app.get(Converter).convert(100, 'CHF')).toBeCloseTo(93);
    expect(app.get(PoolService).snapshot('money').counters.completed).toBe(1);
    await app.close();
  });

  it('operate: pin a size, release it, read the load, hear of crashes', async () => {
    @Module({
      imports: [ScheduleModule.forRoot(), DynamicPoolModule.forRoot({ pools: { pricing: { size: { max: 4 } } } })],
      providers: [Operations],
    })
    class App {}
    const app = await NestFactory.createApplicationContext(App, { logger: false });
    const operations = app.get(Operations);
    await operations.pinForTheSale();
    expect(app.get(PoolService).snapshot('pricing')).toMatchObject({
      live: 4,
      override: { size: 4, owner: 'ada', reason: 'sale at noon' },
    });
    await operations.backToNormal();
    expect(app.get(PoolService).snapshot('pricing')).toMatchObject({ live: 1, override: null });
    expect(operations.load()).toEqual({ utilization: 0, waiting: 0, p99WaitMs: 0 });
    expect(operations.crashes).toEqual([]);
    await app.close();
  });

  it('cancel: a client that goes away cancels its task', async () => {
    @Module({
      imports: [ScheduleModule.forRoot(), DynamicPoolModule.forRoot({ pools: { search: {} } })],
      controllers: [SearchController],
      providers: [Search],
    })
    class App {}
    const app = await NestFactory.create(App, { logger: false });
    await app.listen(0, '127.0.0.1');
    const pools = app.get(PoolService);
    const client = new AbortController();
    const request = fetch(`${await app.getUrl()}/search`, { signal: client.signal }).catch(() => 'gone');
    await vi.waitFor(() => expect(pools.snapshot('search').busy).toBe(1), 10_000);
    client.abort();
    expect(await request).toBe('gone');
    await vi.waitFor(() => expect(pools.snapshot('search').counters.cancelled).toBe(1), 10_000);
    await app.close();
  });

  it('core: a pool without Nest, its tasks with a context and a transferred result', async () => {
    expect(await main()).toBe(3);
    const tasks = new URL('../fixtures/docs/core-tasks.js', import.meta.url);
    await using pool = createPool({ name: 'noise', tasks });
    expect(await pool.run('noise', [100_000])).toHaveLength(100_000);
  });

  it('short tasks: the snapshot tells what they cost', async () => {
    expect(await costOf()).toMatch(
      /^work \S+ ms, clone \S+ ms, dispatch \S+ ms: worth it: (true|false); \d+ ran here$/,
    );
  });

  it('queueing: tenants take turns, callers wait for room', async () => {
    const sums = await Promise.all(Array.from({ length: 600 }, (_, i) => addFor(i % 2 ? 'gold' : 'basic', i, 1)));
    expect(sums).toEqual(Array.from({ length: 600 }, (_, i) => i + 1));
    await customers.close();
  });

  it('async: slots on the event loop for work that waits', async () => {
    const server = createServer((_, response) => void response.writeHead(204).end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await fetchAll(Array.from({ length: 20 }, () => url))).toEqual(Array.from({ length: 20 }, () => 204));
    server.closeAllConnections();
    server.close();
  });

  it('sizing: the bounds that the comment and the text say', () => {
    expect(size).toEqual({ min: 4, max: 12 });
    const text = readFileSync('docs/sizing-and-load.md', 'utf8').replaceAll('\n', ' ');
    expect(text).toContain(sizing.why[0]);
    expect(sizing.why.join()).not.toContain('Warning');
  });

  it('loads: a shape and a trace run through the simulator', () => {
    expect(result.started).toBeGreaterThan(20_000);
    expect(result.missPct).toBeLessThan(5);
    expect(replay('test/fixtures/load/requests.csv', 'course').tasks).toBeGreaterThan(200);
  });

  it('runLoad: tells an application that keeps up from one that does not', async () => {
    vi.spyOn(console, 'log').mockReturnValue();
    const server = createServer((request, response) => {
      if (request.url === '/quick') response.end();
      else setTimeout(() => response.end(), 300);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    // Again, should this machine itself have stalled.
    await vi.waitFor(async () => expect(await keepsUp(`${url}/quick`, 0.3)).toBe(true), 10_000);
    expect(await keepsUp(`${url}/slow`, 0.3)).toBe(false);
    server.closeAllConnections();
    server.close();
  });
});
