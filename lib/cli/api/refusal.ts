import { CommandFailure, EXIT } from '../command.js';
import { redacted } from '../redact.js';
import type { Connection } from './connection.js';
import { notTheApi } from './unreachable.js';

/** What a refusal says, as far as it says it. */
interface Told {
  readonly message: string;
  readonly pools: readonly string[] | null;
  readonly allowed: { readonly min: number; readonly max: number } | null;
}

/** The failure for an answer that is no success. `isRoot`: the list of pools was asked for, which every admin API has. */
export async function refusalOf(connection: Connection, response: Response, isRoot: boolean): Promise<CommandFailure> {
  const { status } = response;
  const told = toldIn(await response.text().catch(() => ''), connection);
  if (status === 401 || status === 403) return refused(status, told?.message, accessRemedy(connection, status));
  if (told === null) return notTheApi(connection, `it answers ${status} and no JSON`);
  if (status === 404 && told.pools === null && (isRoot || /^Cannot [A-Z]+ /.test(told.message))) {
    return notTheApi(connection, `it answers 404, ${told.message}`);
  }
  if (status === 429) return refused(status, told.message, retryRemedy(response));
  if (status >= 500) {
    const remedy = "The application's log says why.";
    return new CommandFailure(EXIT.failed, `the application failed: ${sentence(told.message)} (${status}) ${remedy}`);
  }
  return refused(status, told.message, remedyIn(told));
}

function refused(status: number, message: string | undefined, remedy: string): CommandFailure {
  const said = message ? sentence(message) : 'no reason given.';
  return new CommandFailure(
    EXIT.refused,
    `refused: ${said} (${status})${remedy === '' ? '' : ` ${remedy}`}`,
    status === 429,
  );
}

function accessRemedy({ token }: Connection, status: number): string {
  if (token === undefined) return 'Put your token into the environment variable DYNAMIC_POOL_TOKEN.';
  if (status === 401)
    return 'The token in DYNAMIC_POOL_TOKEN is not accepted: it may be of another application, or too old.';
  return 'The token in DYNAMIC_POOL_TOKEN may not do that: changes take the role operator.';
}

function retryRemedy(response: Response): string {
  const seconds = Number(response.headers.get('retry-after'));
  return seconds > 0 ? `Try again in ${Math.ceil(seconds)}s.` : 'Try again later.';
}

/** What the message has said is not said again. */
function remedyIn({ message, pools, allowed }: Told): string {
  const remedies: string[] = [];
  if (allowed !== null && !message.includes(String(allowed.max))) {
    remedies.push(`Allowed is ${allowed.min} to ${allowed.max}.`);
  }
  if (pools !== null && !pools.every((pool) => message.includes(pool))) remedies.push(`Pools: ${pools.join(', ')}.`);
  if (pools !== null && pools.length === 0) remedies.push('There are no pools.');
  return remedies.join(' ');
}

function toldIn(text: string, { redact }: Connection): Told | null {
  try {
    const body = redacted(JSON.parse(text), redact);
    if (typeof body !== 'object' || body === null) return null;
    const { message, pools, allowed } = body as Record<string, unknown>;
    const { min, max } = (allowed ?? {}) as Record<string, unknown>;
    return {
      message: Array.isArray(message) ? message.map(String).join('; ') : typeof message === 'string' ? message : '',
      pools: Array.isArray(pools) ? pools.map(String) : null,
      allowed: typeof min === 'number' && typeof max === 'number' ? { min, max } : null,
    };
  } catch {
    return null;
  }
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
