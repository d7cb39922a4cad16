import http from 'node:http';
import https from 'node:https';
import type { LiveRequest } from './live-options.js';

/** How a request ended: a status where it was answered to the end, else a code that says why not. */
export type Outcome = { readonly status: number } | { readonly code: string };

export interface Exchange {
  /** Sends one request; never rejects. */
  send(request: LiveRequest): Promise<Outcome>;
  /** Closes every connection, those in use as well. */
  close(): void;
}

/** Sends to one origin over connections that are kept; `connections` of them at most. */
export function exchangeWith(url: URL, connections: number, timeoutMs: number): Exchange {
  const client = url.protocol === 'https:' ? https : http;
  const agent = new client.Agent({ keepAlive: true, maxSockets: connections, maxFreeSockets: connections });
  const { protocol, port } = url;
  // Of an IPv6 address the socket wants the bare form.
  const hostname = url.hostname.replace(/^\[|\]$/g, '');

  const open = new Set<http.ClientRequest>();
  let isClosed = false;

  const attempt = (request: LiveRequest, isFirst: boolean): Promise<Outcome> =>
    new Promise((resolve) => {
      const { method, path, headers, body } = request;
      const length = body === undefined ? {} : { 'content-length': String(body.length) };
      const options = { agent, protocol, hostname, port, method, path, headers: { ...headers, ...length } };
      const outgoing = client.request(options, (response) => {
        response.once('end', () => resolve({ status: response.statusCode! }));
        response.once('error', (error) => resolve({ code: codeOf(error) }));
        response.resume();
      });
      open.add(outgoing);
      outgoing.once('close', () => open.delete(outgoing));
      outgoing.setTimeout(timeoutMs, () => outgoing.destroy(Object.assign(new Error('timeout'), { code: 'TIMEOUT' })));
      outgoing.once('error', (error) => {
        // The server may close a kept connection just as it is used again: that says nothing of this request.
        const isStale = isFirst && !isClosed && outgoing.reusedSocket && codeOf(error) === 'ECONNRESET';
        resolve(isStale ? attempt(request, false) : { code: codeOf(error) });
      });
      outgoing.end(body);
    });

  return {
    send: (request) => attempt(request, true),
    close: () => {
      isClosed = true;
      // The agent knows its sockets, but not what waits for one.
      for (const outgoing of open) outgoing.destroy();
      agent.destroy();
    },
  };
}

function codeOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? error.message;
}
