import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PoolView, QuarantineEntry } from '../../lib/core/contract/operation.js';
import type { Decision } from '../../lib/core/scaling/contract.js';
import { decision, poolView } from './pool-views.js';

/** What was asked of the server. */
export interface Heard {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export interface AdminServerOptions {
  readonly pools?: readonly PoolView[];
  readonly decisions?: readonly Decision[];
  /** In quarantine, of every pool. Default: nothing. */
  readonly quarantine?: readonly QuarantineEntry[];
  /** Who may do what, by their token. Default: everybody everything. */
  readonly roles?: Readonly<Record<string, 'viewer' | 'operator'>>;
  /** Answers in place of the API where it returns true. */
  readonly instead?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** What a client of the events is sent at once, and what is done with it then. Default: a snapshot of each pool. */
  readonly onEvents?: (stream: EventClient) => void;
}

/** One client of `GET /pools/events`. */
export interface EventClient {
  readonly lastEventId: string | undefined;
  send(event: string, data: object, id?: string): void;
  raw(text: string): void;
  end(): void;
}

export interface AdminServer extends AsyncDisposable {
  readonly url: string;
  readonly heard: readonly Heard[];
}

/** An admin API that speaks the contract, over a real socket, with pools that are only told. */
export async function adminServer(options: AdminServerOptions = {}): Promise<AdminServer> {
  const pools = new Map((options.pools ?? [poolView()]).map((view) => [view.name, view]));
  const before = new Map(pools);
  const heard: Heard[] = [];
  let quarantine = options.quarantine ?? [];
  const server = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const { method = '', url = '', headers } = request;
    heard.push({ method, path: url, headers, body });
    if (options.instead?.(request, response)) return;
    const role = options.roles === undefined ? 'operator' : options.roles[headers.authorization?.slice(7) ?? ''];
    if (role === undefined) return refuse(response, 401, 'Unauthorized', 'Who are you?');
    if (method !== 'GET' && role !== 'operator') return refuse(response, 403, 'Forbidden', 'That takes an operator.');
    route(
      method,
      new URL(url, 'http://local').pathname.split('/').slice(2).map(decodeURIComponent),
      body,
      request,
      response,
    );
  }

  function route(method: string, path: string[], body: any, request: IncomingMessage, response: ServerResponse): void {
    const [name, what] = path;
    if (name === undefined || name === '') return send(response, 200, [...pools.values()]);
    if (name === 'events') return events(request, response);
    const view = pools.get(name);
    if (view === undefined) {
      const names = [...pools.keys()];
      return refuse(response, 404, 'Not Found', `There is no pool '${name}'.`, { pools: names });
    }
    const changed = (change: Partial<PoolView>) => {
      pools.set(name, { ...view, ...change });
      send(response, 200, pools.get(name)!);
    };
    switch (`${method} ${what ?? ''}`) {
      case 'GET ':
        return send(response, 200, view);
      case 'GET decisions':
        return send(response, 200, options.decisions ?? [decision()]);
      case 'GET history':
        return send(response, 200, {
          pool: name,
          everyMs: 1_000,
          at: [1, 2, 3],
          size: [1, 2, 4],
          arrivals: [0, 20, 40],
        });
      case 'PUT override': {
        const { min, max } = view;
        if (body.size < min || body.size > max) {
          const message = `pool '${name}': size is ${body.size}, but must be a whole number from ${min} to ${max}.`;
          return refuse(response, 422, 'Unprocessable Entity', message, { allowed: { min, max } });
        }
        const { size, owner = 'unknown', reason = 'manual resize', forMs } = body;
        const until = forMs === undefined ? null : view.at + forMs;
        return changed({ target: size, size, override: { size, owner, reason, until } });
      }
      case 'DELETE override':
        return changed({ override: null, target: before.get(name)!.target, size: before.get(name)!.size });
      case 'POST pause':
        return changed({ state: 'paused' });
      case 'POST resume':
        return changed({ state: 'open' });
      case 'POST drain':
        return changed({ state: 'draining' });
      case 'PATCH policy':
        return changed({ policy: body.policy });
      case 'GET quarantine':
        return send(response, 200, { pool: name, at: view.at, total: quarantine.length, entries: quarantine });
      case 'POST quarantine': {
        const isMeant = ({ id }: QuarantineEntry) => body?.id === undefined || body.id === id;
        const released = quarantine.filter(isMeant);
        if (body?.id !== undefined && released.length === 0) {
          const message = `pool '${name}' has nothing with the id ${body.id} in quarantine.`;
          return refuse(response, 404, 'Not Found', message);
        }
        quarantine = quarantine.filter((entry) => !isMeant(entry));
        const told = { count: released.length, released, left: quarantine.length };
        return send(response, 200, { pool: name, at: view.at, ...told });
      }
      case 'POST dry-run': {
        const outcome = { lateShare: 0.01, workerSeconds: 400, resizes: 4, series: { at: [], size: [] } };
        const proposed = { ...outcome, lateShare: 0.02, workerSeconds: 300, policy: body.policy };
        const from = view.at - body.minutes * 60_000;
        const head = { pool: name, from, to: view.at, tasks: 2_000, objectiveMs: 100 };
        return send(response, 200, { ...head, present: { ...outcome, policy: view.policy }, proposed });
      }
      default:
        return refuse(response, 404, 'Not Found', `Cannot ${method} ${request.url}`);
    }
  }

  function events(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.flushHeaders();
    let seq = 0;
    const client: EventClient = {
      lastEventId: request.headers['last-event-id'] as string | undefined,
      send: (event, data, id = `boot-${++seq}`) => {
        response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      },
      raw: (text) => void response.write(text),
      end: () => void response.end(),
    };
    if (options.onEvents) return options.onEvents(client);
    for (const view of pools.values()) client.send('snapshot', snapshotOf(view));
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/pools`,
    heard,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The data of a `snapshot` event. */
export function snapshotOf(view: PoolView): object {
  return { v: 1, pool: view.name, ...view };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? undefined : JSON.parse(text);
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, statusCode: number, error: string, message: string, more: object = {}): void {
  send(response, statusCode, { statusCode, error, message, ...more });
}
