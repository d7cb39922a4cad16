import { isLoopback } from '../../simulator/live/loopback.js';
import { CommandFailure, EXIT, type OptionSpec, type OptionValues, UsageError } from '../command.js';
import { redactor } from '../redact.js';
import { readSpanMs } from '../read-values.js';
import type { Surroundings } from '../surroundings.js';

/** Where the admin API is, and how it is spoken to. */
export interface Connection {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string | undefined;
  readonly timeoutMs: number;
  /** Cuts the token out of a text. */
  readonly redact: (text: string) => string;
}

const DEFAULT_URL = 'http://127.0.0.1:3000/pools';
const DEFAULT_PATH = '/pools';
const DEFAULT_TIMEOUT_MS = 10_000;

/** Of every command that asks a running application. */
export const CONNECTION_OPTIONS = {
  url: { type: 'value', shown: 'URL', about: `the admin API (DYNAMIC_POOL_URL, or ${DEFAULT_URL})` },
  timeout: { type: 'value', shown: 'TIME', about: 'how long to wait for an answer (10s)' },
  insecure: { type: 'flag', about: 'send the token over plain HTTP to another host, for all on the way to read' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** As above, of those that print data. */
export const JSON_OPTION = { json: { type: 'flag', about: 'print JSON' } } as const satisfies Record<
  string,
  OptionSpec
>;

/**
 * Reads the options above and the environment.
 * @throws UsageError for a URL or a token that cannot be.
 * @throws CommandFailure for plain HTTP to another host: the token would go in the clear.
 */
export function connectionOf(values: OptionValues, { env }: Surroundings): Connection {
  const timeoutMs = readSpanMs(values, 'timeout') ?? DEFAULT_TIMEOUT_MS;
  const token = tokenOf(env['DYNAMIC_POOL_TOKEN']);
  const url = urlOf(values, env['DYNAMIC_POOL_URL'], values.insecure === true);
  return { url, token, timeoutMs, redact: redactor(token) };
}

function tokenOf(given: string | undefined): string | undefined {
  const token = given?.trim();
  if (!token) return undefined;
  // The complaint of `fetch` would quote it.
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new UsageError('DYNAMIC_POOL_TOKEN has characters that no bearer token has, such as a space. Set it anew.');
}

function urlOf(values: OptionValues, fromEnvironment: string | undefined, isInsecure: boolean): string {
  const place = values.url === undefined && fromEnvironment ? 'DYNAMIC_POOL_URL' : '--url';
  const text = String(values.url ?? (fromEnvironment || DEFAULT_URL));
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`${place} is '${text}', but must be an http or https URL, such as ${DEFAULT_URL}.`);
  }
  // A password would end up in the history of the shell, and nobody asked for one.
  if (url.username !== '' || url.password !== '') {
    throw new UsageError(`${place} must not have a name or a password in it. The token goes into DYNAMIC_POOL_TOKEN.`);
  }
  if (url.search !== '' || url.hash !== '') throw new UsageError(`${place} is '${text}', but must end with its path.`);
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !isInsecure) throw plainHttp(url);
  return `${url.origin}${url.pathname === '/' ? DEFAULT_PATH : url.pathname.replace(/\/+$/, '')}`;
}

function plainHttp(url: URL): CommandFailure {
  return new CommandFailure(
    EXIT.usage,
    `plain HTTP to ${url.host} would carry the token where others can read it. Use https, or a tunnel to ` +
      `127.0.0.1 (ssh -L, kubectl port-forward); --insecure does it nevertheless.`,
  );
}
