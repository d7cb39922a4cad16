import { redacted } from '../redact.js';
import { isRedirect, redirected } from './redirect.js';
import type { Connection } from './connection.js';
import { refusalOf } from './refusal.js';
import { notTheApi, unreachable } from './unreachable.js';

export interface Asked {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the API's own URL: empty, or from a slash on. */
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Same-origin redirects that are followed, as by a proxy that wants a slash. */
const MOST_REDIRECTS = 3;

/**
 * Sends a request, and returns the answer of a server that accepted it. The token goes to the API's own origin only.
 * @throws CommandFailure where it was refused, or nothing of the kind answers.
 */
export async function send(connection: Connection, asked: Asked): Promise<Response> {
  let url = `${connection.url}${asked.path}`;
  for (let redirects = 0; ; redirects++) {
    const response = await once(connection, asked, url);
    if (isRedirect(response)) {
      await response.body?.cancel();
      if (redirects === MOST_REDIRECTS) throw notTheApi(connection, `it redirects more than ${MOST_REDIRECTS} times`);
      url = redirected(connection, asked.method, url, response);
      continue;
    }
    if (!response.ok) throw await refusalOf(connection, response, asked.path === '');
    return response;
  }
}

/**
 * What the API answers, as JSON.
 * @throws CommandFailure as above, and where the answer is no JSON.
 */
export async function ask(connection: Connection, asked: Asked): Promise<unknown> {
  const signal = AbortSignal.timeout(connection.timeoutMs);
  const response = await send(connection, { ...asked, signal });
  return jsonOf(connection, response, asked.method !== 'GET');
}

async function once(connection: Connection, asked: Asked, url: string): Promise<Response> {
  const { method, body, signal } = asked;
  const headers: Record<string, string> = { accept: 'application/json', ...asked.headers };
  if (connection.token !== undefined) headers.authorization = `Bearer ${connection.token}`;
  if (body !== undefined) headers['content-type'] = 'application/json';
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  try {
    return await fetch(url, { method, headers, redirect: 'manual', ...sent, ...(signal && { signal }) });
  } catch (error) {
    throw unreachable(connection, error, method !== 'GET');
  }
}

async function jsonOf(connection: Connection, response: Response, isChange: boolean): Promise<unknown> {
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    throw unreachable(connection, error, isChange);
  }
  try {
    return redacted(JSON.parse(text), connection.redact);
  } catch {
    const type = response.headers.get('content-type') ?? 'no content type';
    throw notTheApi(connection, `it answers ${type}, not JSON`);
  }
}
