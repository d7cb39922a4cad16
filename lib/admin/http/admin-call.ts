import type { IncomingMessage } from 'node:http';
import type { AdminRole } from '../../core/contract/operation.js';
import { askedUrl, rawRequest } from './http-parts.js';

/** What a change is called in the audit line. */
export type AdminAction =
  'override' | 'release' | 'policy' | 'pause' | 'resume' | 'drain' | 'manual' | 'quarantine-release';

/** What is known of a request so far: filled in as it passes the gates and is carried out, told by the audit line. */
export interface AdminCall {
  /** `null` for what changes nothing. */
  readonly action: AdminAction | null;
  pool: string | null;
  role: AdminRole | null;
  /** From the option `owner`, or from the body. */
  owner: string | null;
  reason: string | null;
  from: unknown;
  to: unknown;
  /** Tasks that were released from quarantine, the first of them. */
  released?: readonly { readonly id: number; readonly task: string }[];
  /** Other requests like this one were refused without a line of their own. */
  isUntold: boolean;
}

const ACTIONS: Readonly<Record<string, AdminAction>> = {
  'PUT override': 'override',
  'DELETE override': 'release',
  'PATCH policy': 'policy',
  'POST pause': 'pause',
  'POST resume': 'resume',
  'POST drain': 'drain',
  'POST manual': 'manual',
  'POST release': 'quarantine-release',
};

const calls = new WeakMap<IncomingMessage, AdminCall>();

/** The record of a request to these routes, made when first asked for: guards of the application may refuse before ours. */
export function callOf(request: unknown): AdminCall {
  const raw = rawRequest(request);
  const known = calls.get(raw);
  if (known) return known;
  const action = ACTIONS[`${raw.method} ${lastWord(askedUrl(raw).path)}`] ?? null;
  const call: AdminCall = {
    action,
    pool: null,
    role: null,
    owner: null,
    reason: null,
    from: null,
    to: null,
    isUntold: false,
  };
  calls.set(raw, call);
  return call;
}

/** As routers read it, so that no spelling of a path goes without its line: Express takes capitals, Fastify escapes. */
function lastWord(path: string): string {
  const word = path.replace(/\/$/, '').split('/').at(-1)!;
  try {
    return decodeURIComponent(word).toLowerCase();
  } catch {
    return word;
  }
}
