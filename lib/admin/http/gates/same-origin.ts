import type { IncomingMessage } from 'node:http';
import { header } from '../http-parts.js';
import { refused } from '../refused.js';

/**
 * Refuses what the page of another origin asks, whatever CORS says: programs send no `Origin`, and the page of these
 * routes has the same one. What a browser says of where a request comes from (`Sec-Fetch-Site`) counts as well.
 * @throws Refused 403
 */
export function requireSameOrigin(raw: Pick<IncomingMessage, 'headers'>, allowed: ReadonlySet<string>): void {
  const { origin } = raw.headers;
  if (origin !== undefined && allowed.has(origin)) return;
  const site = header(raw as IncomingMessage, 'sec-fetch-site') ?? 'none';
  const isSame = site === 'same-origin' || site === 'none';
  if (isSame && (origin === undefined || isOwn(origin, raw.headers.host ?? raw.headers[':authority']))) return;
  throw refused(403, "pages of another origin may not ask here. PoolAdminModule's option origins allows some.");
}

/** Compared without the scheme: behind a proxy that ends TLS, this process does not know it. */
function isOwn(origin: string, host: unknown): boolean {
  if (typeof host !== 'string' || !URL.canParse(origin)) return false;
  const { protocol, host: asked } = new URL(origin);
  const own = `${protocol}//${host}`;
  return (protocol === 'http:' || protocol === 'https:') && URL.canParse(own) && new URL(own).host === asked;
}
