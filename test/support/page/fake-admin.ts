import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type {
  AdminEventMap,
  AdminEventName,
  AdminRole,
  DryRunResult,
  FailureGroup,
  OverrideRequest,
  PoolHistory,
  PoolView,
} from '../../../lib/core/contract/operation.js';
import type { Decision } from '../../../lib/core/scaling/contract.js';
import { flatHistory } from './pool-views.js';

export const PAGE_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const BASE = '/api/v1/pools';
const FILES: Record<string, readonly [file: string, type: string]> = {
  '/ui': ['index.html', 'text/html; charset=utf-8'],
  '/ui/app.js': ['app.js', 'text/javascript; charset=utf-8'],
  '/ui/app.css': ['app.css', 'text/css; charset=utf-8'],
};

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/**
 * Serves the built page and speaks the contract of the admin API over real HTTP, for states of the page that a real
 * application seldom has. What it tells is what the test puts into its fields; what it is told is in `received`.
 */
export class FakeAdmin {
  readonly pools = new Map<string, PoolView>();
  readonly decisions = new Map<string, Decision[]>();
  readonly failures = new Map<string, FailureGroup[]>();
  readonly histories = new Map<string, PoolHistory>();
  readonly received: ReceivedRequest[] = [];
  role: AdminRole = 'operator';
  /** `null`: nobody is asked. */
  token: string | null = null;
  /** Connections are cut, as by a process that has gone. */
  isDown = false;
  /** `GET` of the pools answers this instead. */
  refusal: { status: number; message: string } | null = null;
  /** `GET` of the pools waits for it. */
  hold: Promise<void> | null = null;
  dryRun: DryRunResult | null = null;

  readonly #server: Server;
  readonly #streams = new Set<ServerResponse>();
  #seq = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(pools: readonly PoolView[] = []): Promise<FakeAdmin> {
    const server = createServer();
    const fake = new FakeAdmin(server);
    for (const pool of pools) fake.pools.set(pool.name, pool);
    server.on('request', (request, response) => {
      fake.#answer(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return fake;
  }

  get pageUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${BASE}/ui`;
  }

  /** Open event streams. */
  get streams(): number {
    return this.#streams.size;
  }

  publish<E extends AdminEventName>(name: E, data: AdminEventMap[E]): void {
    this.#seq += 1;
    for (const stream of this.#streams) {
      stream.write(`id: FAKE-${this.#seq}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    }
  }

  /** The pool is so from now on, and all who listen are told. */
  set(view: PoolView): void {
    this.pools.set(view.name, view);
    this.publish('snapshot', { v: 1, pool: view.name, ...view });
  }

  /** As if the process had died. */
  goDown(): void {
    this.isDown = true;
    this.#server.closeAllConnections();
  }

  /** Ends the event streams alone. */
  cutStreams(): void {
    for (const stream of this.#streams) stream.end();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const body = await read(request);
    if (this.isDown) return void request.socket.destroy();
    if (url.pathname === `${BASE}/ui/`) return void response.writeHead(308, { location: '../ui' }).end();
    const rest = url.pathname.startsWith(BASE) ? url.pathname.slice(BASE.length) : null;
    if (rest === null) return refuse(response, 404, 'Nothing stands here.');
    const file = FILES[rest];
    if (file) return void (await serve(response, file));

    this.received.push({ method: request.method!, path: rest + url.search, headers: request.headers, body });
    if (this.token !== null && request.headers.authorization !== `Bearer ${this.token}`) {
      return refuse(response, 401, 'A bearer token is wanted.');
    }
    response.setHeader('x-dynamic-pool-role', this.role);
    if (rest === '/events') return this.#open(response);
    if (request.method !== 'GET' && this.role !== 'operator' && !rest.endsWith('/dry-run')) {
      return refuse(response, 403, 'Viewers change nothing.');
    }
    if (rest === '') {
      await this.hold;
      if (this.refusal) return refuse(response, this.refusal.status, this.refusal.message);
      return json(response, [...this.pools.values()]);
    }
    const [name, action] = rest.slice(1).split('/');
    const view = this.pools.get(decodeURIComponent(name!));
    if (!view) return refuse(response, 404, 'There is no such pool.');
    this.#answerFor(view, `${request.method} ${action ?? ''}`, body, response);
  }

  #answerFor(view: PoolView, route: string, body: unknown, response: ServerResponse): void {
    switch (route) {
      case 'GET ':
        return json(response, view);
      case 'GET decisions':
        return json(response, this.decisions.get(view.name) ?? []);
      case 'GET failures':
        return json(response, this.failures.get(view.name) ?? []);
      case 'GET history':
        return json(response, this.histories.get(view.name) ?? flatHistory(view));
      case 'POST dry-run':
        return this.dryRun ? json(response, this.dryRun) : refuse(response, 422, 'Nothing was recorded yet.');
      case 'PUT override': {
        const { size, forMs, owner = 'somebody', reason = '' } = body as OverrideRequest;
        if (size > view.max) return refuse(response, 422, `The size of ${view.name} is ${view.min} to ${view.max}.`);
        const until = forMs === undefined ? null : Date.now() + forMs;
        return this.#change(view, { target: size, size, override: { size, owner, reason, until } }, response);
      }
      case 'DELETE override':
        return this.#change(view, { override: null }, response);
      case 'PATCH policy':
        return this.#change(view, { policy: body as PoolView['policy'] }, response);
      case 'POST pause':
        return this.#change(view, { state: 'paused' }, response);
      case 'POST resume':
        return this.#change(view, { state: 'open' }, response);
      case 'POST drain':
        return this.#change(view, { state: 'draining' }, response);
      default:
        refuse(response, 404, 'Nothing stands here.');
    }
  }

  #change(view: PoolView, change: Partial<PoolView>, response: ServerResponse): void {
    const changed = { ...view, ...change, at: Date.now() };
    this.set(changed);
    json(response, changed);
  }

  #open(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': hello\n\n');
    this.#streams.add(response);
    response.on('close', () => this.#streams.delete(response));
  }
}

async function serve(response: ServerResponse, [file, type]: readonly [string, string]): Promise<void> {
  const content = await readFile(path.join('dist/bundle/ui', file));
  response.writeHead(200, {
    'content-type': type,
    'content-security-policy': PAGE_CSP,
    'x-content-type-options': 'nosniff',
  });
  response.end(content);
}

function json(response: ServerResponse, body: unknown): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}

function refuse(response: ServerResponse, statusCode: number, message: string): void {
  response.statusCode = statusCode;
  json(response, { statusCode, error: 'Refused', message });
}

async function read(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part as string;
  return text === '' ? null : (JSON.parse(text) as unknown);
}
