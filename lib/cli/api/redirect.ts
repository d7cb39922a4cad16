import type { CommandFailure } from '../command.js';
import type { Connection } from './connection.js';
import { notTheApi } from './unreachable.js';

export function isRedirect({ status }: Response): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

/**
 * Where a redirect leads, within the same origin.
 * @throws CommandFailure for any other: whoever is there must not get the token, and changes are sent once, to whom they were meant for.
 */
export function redirected(connection: Connection, method: string, from: string, response: Response): string {
  const location = response.headers.get('location') ?? '';
  if (!URL.canParse(location, from)) throw notTheApi(connection, 'it redirects to nowhere');
  const to = new URL(location, from);
  const keepsMethod = method === 'GET' || response.status === 307 || response.status === 308;
  if (to.origin === new URL(from).origin && keepsMethod) return to.href;
  throw elsewhere(connection, to);
}

function elsewhere(connection: Connection, to: URL): CommandFailure {
  const place = `${to.origin}${to.pathname}`;
  return notTheApi(connection, `it redirects to ${place}, and the token is not sent there`);
}
