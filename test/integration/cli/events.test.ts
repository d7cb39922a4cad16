import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { adminServer, type EventClient, snapshotOf } from '../../support/admin-server.js';
import { PROGRAM, program, TOKEN } from '../../support/cli-process.js';
import { decision, NOON, poolView } from '../../support/pool-views.js';

const both = [poolView(), poolView({ name: 'mail' })];

/** `events -f` as a process, its lines one by one. */
function follow(url: string, ...more: string[]) {
  const env = { PATH: process.env['PATH'], DYNAMIC_POOL_URL: url, DYNAMIC_POOL_TOKEN: TOKEN };
  const child = spawn(process.execPath, [PROGRAM, 'events', '-f', ...more], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close') as Promise<[number | null, string | null]>;
  const linesOf = (stream: NodeJS.ReadableStream) => createInterface({ input: stream })[Symbol.asyncIterator]();
  return { child, ended, out: linesOf(child.stdout), err: linesOf(child.stderr) };
}

describe('dynamic-pool events (O4)', () => {
  it('prints how each pool is, and ends', async () => {
    await using server = await adminServer({ pools: both });
    const { code, out } = await program(['events'], { DYNAMIC_POOL_URL: server.url });
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.split(/ {2,}/).slice(1, 3))).toEqual([
      ['images', 'snapshot'],
      ['mail', 'snapshot'],
      [],
    ]);
  });

  it('prints one JSON object a line, of one pool where one is named', async () => {
    await using server = await adminServer({ pools: both });
    const { out } = await program(['events', '--json', '--pool', 'mail'], { DYNAMIC_POOL_URL: server.url });
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([{ event: 'snapshot', id: 'boot-2', ...snapshotOf(both[1]!) }]);
  });

  it('prints nothing where there are no pools', async () => {
    await using server = await adminServer({ pools: [] });
    expect(await program(['events'], { DYNAMIC_POOL_URL: server.url })).toEqual({ code: 0, out: '', err: '' });
  });

  it('says with 4 that not all of it came in time', async () => {
    await using server = await adminServer({ onEvents: (client) => client.raw(': nothing\n\n') });
    const { code, err } = await program(['events', '--timeout', '300ms'], { DYNAMIC_POOL_URL: server.url });
    expect(code).toBe(4);
    expect(err).toContain('did not tell of every pool within 300ms');
  });

  it('is no event stream: 4', async () => {
    await using server = await adminServer({
      instead(request, response) {
        if (!request.url!.endsWith('/events')) return false;
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
        return true;
      },
    });
    const { code, err } = await program(['events'], { DYNAMIC_POOL_URL: server.url });
    expect(code).toBe(4);
    expect(err).toContain('its events are application/json, not text/event-stream');
  });

  it('-f goes on over a lost connection, from the last event on, and ends well with Ctrl-C', async () => {
    const clients: EventClient[] = [];
    await using server = await adminServer({
      onEvents(client) {
        clients.push(client);
        client.raw('retry: 60\n\n');
        if (clients.length === 1) {
          client.send('resized', { v: 1, pool: 'images', at: NOON, from: 2, to: 4, reason: 'first' }, 'b-1');
          client.end();
        } else client.send('decision', { v: 1, ...decision({ reason: 'second' }) }, 'b-2');
      },
    });
    const { child, ended, out, err } = follow(server.url);
    expect((await out.next()).value).toMatch(/images {2}resized {3}2 → 4: first$/);
    expect((await err.next()).value).toBe('disconnected: the application has ended the stream; trying again in 60ms');
    expect((await out.next()).value).toMatch(/images {2}decision {2}grew from 2 to 4. second$/);
    expect((await err.next()).value).toBe('connected again');
    expect(clients.map(({ lastEventId }) => lastEventId)).toEqual([undefined, 'b-1']);
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
  });

  it('-f ends with 3 where it is refused later on', async () => {
    let streams = 0;
    await using server = await adminServer({
      instead(request, response) {
        if (!request.url!.endsWith('/events') || streams++ === 0) return false;
        response.writeHead(401, { 'content-type': 'application/json' }).end('{"message":"no more"}');
        return true;
      },
      onEvents(client) {
        client.raw('retry: 60\n\n');
        client.end();
      },
    });
    const { ended, child } = follow(server.url);
    child.stdout.resume();
    child.stderr.resume();
    expect(await ended).toEqual([3, null]);
  });

  it('-f minds neither what is no JSON nor an event it does not know', async () => {
    await using server = await adminServer({
      onEvents(client) {
        client.raw('event: snapshot\ndata: {"v":1,\n\n: a comment\nevent: weather\ndata: {"v":1}\n\n');
        client.send('gap', { v: 1, pool: null, at: NOON, missed: 3 });
      },
    });
    const { child, ended, out } = follow(server.url);
    expect((await out.next()).value).toMatch(/3 events left out$/);
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});
