import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { LiveEvents } from '../../../lib/admin/live/live-events.js';
import type { LiveOptions } from '../../../lib/admin/live/live-options.js';
import { createManagedPool } from '../../../lib/engines/create-pool.js';
import { PoolDirectory } from '../../../lib/nest/pool-directory.js';
import { PoolService } from '../../../lib/nest/pool.service.js';
import { eventsOf, LiveConnection } from './live-clients.js';

const BUFFER_BYTES = 32 * 1_024;

/** An HTTP server on 127.0.0.1 that tells of one pool of slots. */
async function serve(options: LiveOptions = {}) {
  const tasks = { nap: () => new Promise<string>((resolve) => setImmediate(() => resolve('rested'))) };
  const pool = createManagedPool(
    { name: 'naps', kind: 'async', tasks, size: { min: 1, max: 50 }, scaling: false },
    { kit: {} },
  );
  const live = new LiveEvents(new PoolService(new PoolDirectory(new Map([['naps', pool]]))), options);
  live.onModuleInit();
  const opened: http.ServerResponse[] = [];
  const server = http.createServer((request, response) => {
    const lastEventId = request.headers['last-event-id'];
    opened.push(response);
    response.setHeader('x-dynamic-pool-role', 'viewer');
    live.open(request, response, typeof lastEventId === 'string' ? lastEventId : null);
  });
  server.listen(0, '127.0.0.1', 4_000);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  onTestFinished(async () => {
    live.onModuleDestroy();
    await new Promise((resolve) => server.close(resolve));
    await pool.close({ force: true });
  });
  return { pool, live, port, opened, url: `http://127.0.0.1:${port}/pools/events` };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

/** Writes comments to those who never read, until the system takes no more for any of them. */
async function fill(responses: readonly http.ServerResponse[]): Promise<void> {
  const filler = `: ${'x'.repeat(32_000)}\n\n`;
  const open = () => responses.filter(({ writableLength }) => writableLength === 0);
  // The system moves bytes from one end to the other in its own time, so that one look is not enough.
  for (let quiet = 0; quiet < 100; quiet++) {
    for (const response of open()) {
      response.write(filler);
      quiet = 0;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a stream over HTTP has its headers, those set before among them, and ends with the application', async () => {
  const { url, live, pool } = await serve();
  const response = await fetch(url);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
    'x-dynamic-pool-role': 'viewer',
    connection: 'close',
  });
  await pool.resize(2);
  live.onModuleDestroy();
  const events = await eventsOf(response);
  expect(events.map(({ event }) => event)).toEqual(['snapshot', 'resized', 'worker', 'snapshot']);
  expect(events.at(-1)!.data).toMatchObject({ v: 1, pool: 'naps', target: 2, health: { status: 'up' } });
  expect((await fetch(url)).status).toBe(503);
});

test('a client that comes back with the id it had misses nothing', async () => {
  const { url, pool, live } = await serve();
  const [snapshot] = await eventsOf(await fetch(url), 1);
  await until(() => live.clients === 0);
  for (const size of [2, 3]) await pool.resize(size);
  const events = await eventsOf(await fetch(url, { headers: { 'last-event-id': snapshot!.id } }), 5);
  expect(events.map(({ event, data }) => [event, data.to ?? data.change ?? data.size])).toEqual([
    ['resized', 2],
    ['worker', 'started'],
    ['resized', 3],
    ['worker', 'started'],
    ['snapshot', 3],
  ]);
});

test('1,000 clients, one in ten of which never reads: bounded memory, one serialisation an event, nothing lost (O3)', async () => {
  const { live, pool, port, opened } = await serve({ maxBufferBytes: BUFFER_BYTES });
  const clients = Array.from({ length: 1_000 }, (_, index) => new LiveConnection(port, { reads: index % 10 !== 0 }));
  onTestFinished(() => clients.forEach((client) => client.close()));
  await until(() => live.clients === 1_000);
  const reading = clients.filter((_, index) => index % 10 !== 0);
  const stuckPorts = new Set(clients.filter((_, index) => index % 10 === 0).map(({ socket }) => socket.localPort));
  const stuck = opened.filter(({ socket }) => stuckPorts.has(socket?.remotePort));
  expect(stuck).toHaveLength(100);
  // The system takes some 4 MB for a peer that never reads. Comments fill that, so that nobody else has to be sent as much.
  await fill(stuck);
  const filling = Math.max(...stuck.map(({ writableLength }) => writableLength));

  const told: string[] = [];
  for (const event of ['resized', 'workerStarted', 'workerExited'] as const) pool.on(event, () => told.push(event));
  const before = { ...live.serialised };
  const calls: Promise<unknown>[] = [];
  let highest = 0;
  for (let round = 0; round < 30; round++) {
    for (let call = 0; call < 10; call++) calls.push(pool.run('nap'));
    pool.resize((round % 2) * 3 + 2).catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    highest = Math.max(highest, live.bufferedBytes);
  }
  const outcomes = await Promise.allSettled(calls);
  await pool.resize(1);
  await until(() => reading.every(({ events }) => events.length >= told.length));

  expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
  expect(pool.snapshot().counters).toMatchObject({ completed: 300, failed: 0 });
  const expected = told.map((event) => (event === 'resized' ? 'resized' : 'worker'));
  const first = reading[0]!.events;
  expect(first.map(({ event }) => event)).toEqual(expected);
  expect(first.every(({ seq }, index) => index === 0 || seq > first[index - 1]!.seq)).toBe(true);
  for (const { events, status } of reading) {
    expect(status).toBe('200');
    expect(events).toEqual(first);
  }
  expect(live.serialised.resized - before.resized).toBe(told.filter((event) => event === 'resized').length);
  expect(live.serialised.worker - before.worker).toBe(told.filter((event) => event !== 'resized').length);
  expect(live.serialised.gap).toBe(0);
  // Once for each turn and each second, and not for each client that connects.
  expect(live.serialised.snapshot).toBeLessThan(1_000);

  const waiting = stuck.map(({ writableLength }) => writableLength);
  expect(Math.max(...waiting)).toBeLessThanOrEqual(Math.max(BUFFER_BYTES, filling));
  expect(Math.min(...waiting)).toBeGreaterThan(BUFFER_BYTES / 2);
  expect(highest).toBeLessThanOrEqual(stuck.length * BUFFER_BYTES + reading.length * BUFFER_BYTES);
  expect(live.clients).toBe(1_000);

  const [late] = clients;
  late!.read();
  await until(() => late!.gaps.length > 0);
  expect(late!.gaps).toEqual([told.length - late!.events.length]);
  expect(late!.events).toEqual(first.slice(0, late!.events.length));
}, 60_000);
