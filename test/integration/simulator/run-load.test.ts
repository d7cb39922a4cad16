import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { runLoad } from '../../../lib/simulator/live/index.js';
import { constant, poissonArrivals, withErrors } from '../../../lib/simulator/load/index.js';

const shape = constant({ perSecond: 200, durationMs: 400 });
const arrivals = poissonArrivals(shape, 1).length;
const servers: Server[] = [];

async function serve(
  listener: RequestListener,
): Promise<{ server: Server; url: string; sockets: () => Promise<number> }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const sockets = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/work`, sockets };
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('runLoad against an HTTP server (L1)', () => {
  it('sends body and headers, over connections that it keeps and closes at the end', async () => {
    const bodies = new Set<string>();
    const connections = new Set<unknown>();
    const { url, sockets } = await serve((request, response) => {
      connections.add(request.socket);
      let body = '';
      request.on('data', (chunk: Buffer) => void (body += chunk.toString()));
      request.on('end', () => {
        bodies.add(`${request.method} ${request.url} ${request.headers['x-test']} ${body}`);
        response.end('done');
      });
    });
    const report = await runLoad({ url, shape, body: 'work', headers: { 'x-test': 'yes' } });
    expect(report).toMatchObject({ sent: arrivals, ok: arrivals, unsent: 0, byStatus: { 200: arrivals } });
    expect(bodies).toEqual(new Set(['POST /work yes work']));
    expect(connections.size).toBeLessThan(arrivals / 2);
    await expect.poll(sockets).toBe(0);
  });

  it('counts refusals and injected failures by their status', async () => {
    const { url } = await serve((request, response) => {
      response.writeHead(request.headers['x-load-fail'] === '1' ? 500 : 200).end();
    });
    const failing = withErrors(shape, { share: 0.5, fromMs: 0, toMs: 400 });
    const report = await runLoad({ url, shape: failing });
    expect(report.injected).toBeGreaterThan(arrivals / 4);
    expect(report).toMatchObject({ failed: report.injected, byStatus: { 500: report.injected } });
  });

  it('keeps to its connections against a slow server, and leaves none open when it gives up', async () => {
    let open = 0;
    let most = 0;
    const { url, sockets } = await serve((request) => {
      most = Math.max(most, ++open);
      request.socket.once('close', () => open--);
    });
    const report = await runLoad({ url, shape, connections: 5, settleMs: 50 });
    expect(most).toBe(5);
    expect(report).toMatchObject({ sent: 5, unsent: arrivals - 5, failed: 5, byStatus: { UNANSWERED: 5 } });
    await expect.poll(sockets).toBe(0);
  });

  it('fails a request on which nothing moves for the time-out', async () => {
    const { url } = await serve(() => undefined);
    const report = await runLoad({ url, shape: constant({ perSecond: 50, durationMs: 200 }), timeoutMs: 60 });
    expect(Object.keys(report.byStatus)).toEqual(['TIMEOUT']);
  });

  it('sends again what met a kept connection that the server was closing', async () => {
    const { url } = await serve((request, response) => {
      // Answers as if it kept the connection, and cuts it at once.
      response.once('finish', () => setImmediate(() => request.socket.destroy()));
      response.end('done');
    });
    const report = await runLoad({ url, shape, connections: 1 });
    expect(report).toMatchObject({ ok: arrivals, failed: 0 });
  });

  it('says that nobody listens', async () => {
    const { url, server } = await serve(() => undefined);
    server.close();
    const report = await runLoad({ url, shape: constant({ perSecond: 50, durationMs: 200 }) });
    expect(report.byStatus).toEqual({ ECONNREFUSED: report.sent });
    expect(report.ok).toBe(0);
  });
});
