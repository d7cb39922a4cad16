import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request as Express or Fastify hands it over; what both have. */
export interface HttpRequest {
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Honours the application's `trust proxy`. */
  readonly ip?: string;
}

/** Node's own request, below either adapter's. */
export function rawRequest(request: unknown): IncomingMessage {
  const { raw } = request as { raw?: IncomingMessage };
  return typeof raw === 'object' && 'headers' in raw ? raw : (request as IncomingMessage);
}

/** Node's own response; Fastify is told to leave it alone. */
export function takeResponse(response: unknown): ServerResponse {
  const reply = response as { raw?: ServerResponse; hijack?: () => void };
  if (typeof reply.hijack !== 'function' || !reply.raw) return response as ServerResponse;
  reply.hijack();
  return reply.raw;
}

/** The path and query as they were asked for, escapes and all. */
export function askedUrl(raw: IncomingMessage): { readonly path: string; readonly query: URLSearchParams } {
  const url = (raw as { originalUrl?: string }).originalUrl ?? raw.url ?? '/';
  const [path = '/', query = ''] = url.split(/\?(.*)/s, 2);
  return { path, query: new URLSearchParams(query) };
}

/** A header that may come once. */
export function header(raw: IncomingMessage, name: string): string | undefined {
  const value = raw.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** Whom limits and audit lines mean: the client, as far as the application trusts its proxies. */
export function clientAddress(request: HttpRequest): string {
  const address = typeof request.ip === 'string' ? request.ip : rawRequest(request).socket.remoteAddress;
  return (address ?? 'unknown').slice(0, 64);
}
