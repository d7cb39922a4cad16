import { refusal, requireDuration, requireObject, type Place } from '../core/validate.js';

/** Prometheus itself scrapes every 15 to 60 s; asking more often than this tells nothing new. */
const INTERVAL_MS = 5_000;
/** As long as it takes to be of no use for a loop that decides four times a second. */
const TIMEOUT_MS = 2_000;
/** Answers that may fail to come before the last one is no longer used. */
const MISSES = 3;

/** What a query is made with, checked. */
export interface PrometheusQuery {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly staleAfterMs: number;
}

/** Checks the fields of a `PrometheusSpec` and fills in defaults; a `PoolConfigError` names the field. */
export function checkQuery(
  fields: Readonly<Record<string, unknown>>,
  place: (field: string) => Place,
): PrometheusQuery {
  const duration = (field: string, otherwise: number) =>
    fields[field] === undefined ? otherwise : requireDuration(place(field), fields[field]);
  const intervalMs = duration('intervalMs', INTERVAL_MS);
  const timeoutMs = duration('timeoutMs', TIMEOUT_MS);
  return {
    url: queryUrl(requireServer(place('url'), fields.url), requireText(place('query'), fields.query)),
    headers: requireHeaders(place('headers'), fields.headers ?? {}),
    intervalMs,
    timeoutMs,
    staleAfterMs: duration('staleAfterMs', MISSES * (intervalMs + timeoutMs)),
  };
}

function queryUrl(server: URL, query: string): URL {
  const url = new URL(server);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/api/v1/query`;
  url.searchParams.set('query', query);
  return url;
}

function requireServer(place: Place, value: unknown): URL {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
  const allowed = "the server's http(s) URL, without credentials: those go into headers";
  if (url === null || !/^https?:$/.test(url.protocol)) throw refusal(place, value, allowed);
  // fetch() refuses them, and a message must not show them.
  if (url.username !== '' || url.password !== '') throw refusal(place, `${url.protocol}//…@${url.host}`, allowed);
  return url;
}

function requireText(place: Place, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw refusal(place, value, 'a PromQL expression');
}

function requireHeaders(place: Place, value: unknown): Readonly<Record<string, string>> {
  const headers = requireObject(place, value);
  try {
    return Object.fromEntries(new Headers(headers as Record<string, string>));
  } catch {
    throw refusal(place, value, 'names and values of HTTP headers');
  }
}
