import { Logger } from '@nestjs/common';
import type { AdminCall } from './admin-call.js';

/** The context of all that this module logs. */
export const ADMIN_LOG_CONTEXT = 'PoolAdmin';

/** `done`; `accepted`, where the size has yet to follow; `refused`, with nothing changed; `failed`, after it was accepted or by a fault. */
export type AuditOutcome = 'done' | 'accepted' | 'refused' | 'failed';

/** Control characters that JSON leaves as they are, and marks that turn the direction of text. */
const HIDDEN = /[\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** One line of JSON for each change that was asked for, allowed or not. */
export class AuditLog {
  readonly #logger = new Logger(ADMIN_LOG_CONTEXT);

  tell(call: AdminCall, outcome: AuditOutcome, facts: { remote: string; status?: number; message?: string }): void {
    const { action, pool, role, owner, reason, from, to, released } = call;
    const { remote, ...rest } = facts;
    const line = {
      event: 'admin',
      action,
      pool,
      owner,
      reason,
      outcome,
      from,
      to,
      released,
      role,
      remote,
      at: Date.now(),
      ...rest,
    };
    const text = oneLine(line);
    if (outcome === 'done' || outcome === 'accepted') this.#logger.log(text);
    else this.#logger.warn(text);
  }
}

/** JSON without a character that a terminal or a collector of logs could take for more than text. */
export function oneLine(value: unknown): string {
  return JSON.stringify(value).replace(HIDDEN, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
