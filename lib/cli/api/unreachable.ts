import { CommandFailure, EXIT } from '../command.js';
import { duration } from '../text/quantities.js';
import type { Connection } from './connection.js';

const NOT_TRUSTED = /CERT|SELF_SIGNED|ISSUER|ERR_TLS/;

/** Nothing answered: what `fetch`, or reading what it returned, threw. */
export function unreachable({ url, timeoutMs }: Connection, error: unknown, isChange = false): CommandFailure {
  const doubt = isChange ? ' It may have been done nevertheless: look with dynamic-pool describe.' : '';
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return failure(`${url} did not answer within ${duration(timeoutMs)}.${doubt} --timeout gives it longer.`);
  }
  const { code, message } = rootOf(error);
  const why = code ?? message;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return failure(`there is no host '${new URL(url).hostname}' (${why}). See --url and DYNAMIC_POOL_URL.`);
  }
  if (NOT_TRUSTED.test(why)) {
    return failure(`the certificate of ${url} is not trusted (${why}). NODE_EXTRA_CA_CERTS names your own authority.`);
  }
  if (code === 'ECONNREFUSED') {
    return failure(`nothing listens at ${url} (${why}). Start the application, or say where it is: --url URL.`);
  }
  return failure(`no answer from ${url} (${why}).${doubt} Is that where the application is? Else see --url.`);
}

/** Something answered that is not what it should be. */
export function notTheApi({ url }: Connection, why: string): CommandFailure {
  return failure(
    `${url} is not the admin API: ${why}. Does the application import PoolAdminModule, and at this path? See --url.`,
  );
}

function failure(message: string): CommandFailure {
  return new CommandFailure(EXIT.unreachable, message);
}

/** `fetch` says nothing but that it failed; its cause says why. */
function rootOf(error: unknown): { readonly code: string | undefined; readonly message: string } {
  let root = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  // Several addresses were tried, and each failed.
  if (root instanceof AggregateError && root.errors.length > 0) root = root.errors[0];
  const { code, message } = (root ?? {}) as { code?: unknown; message?: unknown };
  return { code: typeof code === 'string' ? code : undefined, message: String(message ?? root) };
}
