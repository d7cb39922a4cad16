import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../../lib/cli/run-cli.js';
import { adminServer, type AdminServerOptions } from '../../support/admin-server.js';
import { type Ended, program, TOKEN } from '../../support/cli-process.js';
import { surroundings } from '../../support/cli-surroundings.js';
import { poolView } from '../../support/pool-views.js';

async function against(options: AdminServerOptions, args: readonly string[], env = {}): Promise<Ended> {
  await using server = await adminServer(options);
  // The server is gone once this returns.
  return await program(args, { DYNAMIC_POOL_URL: server.url, ...env });
}

/** A server that answers everything alike. */
function saying(
  status: number,
  body: string,
  headers: Record<string, string> = { 'content-type': 'application/json' },
) {
  const instead = (_: unknown, response: ServerResponse) => {
    response.writeHead(status, headers).end(body);
    return true;
  };
  return { instead };
}

const roles = { [TOKEN]: 'viewer', boss: 'operator' } as const;

describe('exit code 3: the application refuses (O4)', () => {
  it.each([
    [
      'no token',
      { DYNAMIC_POOL_TOKEN: '' },
      ['ls'],
      '(401) Put your token into the environment variable DYNAMIC_POOL_TOKEN.',
    ],
    [
      'a wrong token',
      { DYNAMIC_POOL_TOKEN: 'wrong-one' },
      ['ls'],
      '(401) The token in DYNAMIC_POOL_TOKEN is not accepted',
    ],
    ['a viewer who changes', {}, ['pause', 'images'], '(403) The token in DYNAMIC_POOL_TOKEN may not do that'],
    ['an unknown pool', {}, ['describe', 'imagse'], "There is no pool 'imagse'. (404) Pools: images."],
    ['an unknown pool of events', {}, ['events', '--pool', 'x'], "There is no pool 'x'. (404)"],
    [
      'a size out of bounds',
      { DYNAMIC_POOL_TOKEN: 'boss' },
      ['scale', 'images', '99'],
      'must be a whole number from 1 to 8. (422)',
    ],
  ])('%s', async (_, env, args, told) => {
    const { code, out, err } = await against({ roles }, args, env);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toContain(told);
  });

  it.each([
    [409, {}, 'It cannot be.', 'refused: It cannot be. (409)'],
    [422, {}, ['size must be a number', 'no'], 'refused: size must be a number; no. (422) Allowed is 1 to 8.'],
    [429, { 'retry-after': '7' }, 'Too many', 'refused: Too many. (429) Try again in 7s.'],
    [400, {}, undefined, 'refused: no reason given. (400)'],
  ])('%i', async (status, headers, message, told) => {
    const allowed = status === 422 ? { min: 1, max: 8 } : undefined;
    const { code, err } = await against(
      saying(status, JSON.stringify({ statusCode: status, message, allowed }), headers as never),
      ['pause', 'x'],
    );
    expect(code).toBe(3);
    expect(err).toContain(told);
  });

  it('a gate that answers 403 with a page of its own', async () => {
    expect(await against(saying(403, '<html>no</html>', { 'content-type': 'text/html' }), ['ls'])).toMatchObject({
      code: 3,
    });
  });
});

describe('exit code 4: it is not there (O4)', () => {
  it('nothing listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    for (const args of [['ls'], ['top', '--once'], ['events', '-f'], ['scale', 'x', '2']]) {
      const { code, err } = await program([...args, '--url', `http://127.0.0.1:${port}`]);
      expect(code).toBe(4);
      expect(err).toContain(`nothing listens at http://127.0.0.1:${port}/pools (ECONNREFUSED)`);
    }
  });

  it('the host does not exist', async () => {
    expect(await program(['ls', '--url', 'https://no-such-host.invalid'])).toMatchObject({
      code: 4,
      err: expect.stringContaining("there is no host 'no-such-host.invalid'"),
    });
  });

  it('no answer comes in time; what was asked for may have been done', async () => {
    const server = createTcpServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const sockets: Array<{ destroy(): void }> = [];
    server.on('connection', (socket) => void sockets.push(socket));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { code, err } = await program(['pause', 'images', '--timeout', '200ms', '--url', url]);
    expect(code).toBe(4);
    expect(err).toContain('did not answer within 200ms. It may have been done nevertheless');
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it('an answer that ends half-way, or never', async () => {
    const instead = (_: unknown, response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('[{"name"');
      return true;
    };
    expect(await against({ instead }, ['ls', '--timeout', '300ms'])).toMatchObject({ code: 4, out: '' });
    const cut = (request: unknown, response: ServerResponse) => {
      instead(request, response);
      setImmediate(() => response.destroy());
      return true;
    };
    expect(await against({ instead: cut }, ['ls'])).toMatchObject({ code: 4, out: '' });
  });

  it.each([
    ['a page', saying(200, '<html>', { 'content-type': 'text/html' }), 'it answers text/html, not JSON'],
    ['other JSON', saying(200, '{"hello":"world"}'), 'in the pools that it tells, is not a list'],
    ['half a pool', saying(200, '[{"name":"x"}]'), 'in the pools that it tells, [0].kind is missing'],
    [
      'no such route',
      saying(404, '{"statusCode":404,"message":"Cannot GET /pools","error":"Not Found"}'),
      'it answers 404, Cannot GET /pools',
    ],
    ['a proxy without a server', saying(502, 'Bad Gateway', {}), 'it answers 502 and no JSON'],
  ])('%s', async (_, options, told) => {
    const { code, out, err } = await against(options, ['ls']);
    expect({ code, out }).toEqual({ code: 4, out: '' });
    expect(err).toContain(told);
    expect(err).toContain('Does the application import PoolAdminModule');
  });

  it('1 where the application fails itself', async () => {
    const { code, err } = await against(saying(500, '{"statusCode":500,"message":"Internal server error"}'), ['ls']);
    expect(code).toBe(1);
    expect(err).toContain("the application failed: Internal server error. (500) The application's log says why.");
  });
});

describe('plain HTTP (O4)', () => {
  it('to another host is refused, with the remedy, before anything is sent', async () => {
    const { code, out, err } = await program(['ls', '--url', 'http://192.0.2.1:3000']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('Use https, or a tunnel to 127.0.0.1');
    expect(err).toContain('--insecure');
  });
});

describe('redirects (O4)', () => {
  const to = (location: (url: string) => string, status: number): AdminServerOptions => ({
    pools: [poolView()],
    instead(request, response) {
      if (request.url!.endsWith('/')) return false;
      response.writeHead(status, { location: location(request.url!) }).end();
      return true;
    },
  });

  it('are followed within the origin, which a proxy that wants a slash asks for', async () => {
    expect(
      await against(
        to((url) => `${url}/`, 301),
        ['ls', '--names'],
      ),
    ).toMatchObject({ code: 0, out: 'images\n' });
  });

  it.each([301, 307])('to another origin (%i) do not get the token, nor a request', async (status) => {
    await using other = await adminServer();
    for (const args of [['ls'], ['pause', 'images'], ['events']]) {
      const { code, err } = await against(
        to(() => `${other.url}/x/`, status),
        args,
      );
      expect(code).toBe(4);
      expect(err).toContain(`it redirects to ${other.url}/x/, and the token is not sent there`);
    }
    expect(other.heard).toEqual([]);
  });

  it('do not turn a change into something else', async () => {
    expect(
      await against(
        to((url) => `${url}/`, 302),
        ['pause', 'images'],
      ),
    ).toMatchObject({ code: 4 });
  });

  it('end some time', async () => {
    expect(await against(saying(302, '', { location: '/pools' }), ['ls'])).toMatchObject({
      code: 4,
      err: expect.stringContaining('it redirects more than 3 times'),
    });
  });
});

describe('the token (O4)', () => {
  const echo = JSON.stringify({ statusCode: 403, message: `no: Bearer ${TOKEN}`, pools: [TOKEN] });
  const view = poolView({ name: `p-${TOKEN}`, policy: { preset: 'balanced', signals: { [TOKEN]: {} } } as never });
  const refusals = [401, 403, 404, 422, 500, 301].map((status) => saying(status, echo, { location: `/${TOKEN}` }));

  const commands = [
    ['ls'],
    ['ls', '--json'],
    ['describe', view.name],
    ['events'],
    ['events', '--json'],
    ['top', '--once'],
    ['policy', view.name, '--json'],
    ['pause', view.name],
  ];
  const servers = [
    ...refusals,
    saying(200, echo),
    saying(200, `<html>${TOKEN}`, { 'content-type': `text/${TOKEN}` }),
    saying(200, `<html>${TOKEN}`, { 'content-type': 'text/event-stream' }),
    { pools: [view] },
  ];

  it.each(servers.map((options, index) => [index, options] as const))(
    'is in no output, whatever server %i sends back',
    async (_, options) => {
      await using server = await adminServer(options);
      const around = surroundings({ env: { DYNAMIC_POOL_URL: server.url, DYNAMIC_POOL_TOKEN: TOKEN } });
      for (const args of commands) {
        let told = '';
        const write = (text: string) => void (told += text);
        await runCli([...args, '--timeout', '300ms'], { out: write, err: write }, around);
        expect(told).not.toBe('');
        expect(told).not.toContain(TOKEN);
        expect(told).not.toContain(encodeURIComponent(TOKEN));
      }
      expect(server.heard[0]!.headers.authorization).toBe(`Bearer ${TOKEN}`);
    },
  );

  it('is in nothing that the binary writes either', async () => {
    for (const options of [servers[0]!, servers.at(-1)!]) {
      for (const args of [['ls', '--json'], ['describe', view.name], ['events']]) {
        const { out, err } = await against(options, args);
        expect(out + err).toMatch(/\[token\]/);
        expect(out + err).not.toContain(TOKEN);
      }
    }
  });

  it('is in no help and no complaint of wrong usage', async () => {
    for (const args of [[TOKEN], ['describe', TOKEN, TOKEN], ['ls', '--url', `http://127.0.0.1:1/${TOKEN}`]]) {
      const { out, err } = await program(args);
      expect(out + err).not.toContain(TOKEN);
    }
  });
});
