import type { AdminEventMap, AdminEventName } from '../../core/contract/operation.js';

/** Name and data of an event, without its id, as bytes: built once, however many clients it goes to. */
export function bodyOf<E extends AdminEventName>(event: E, data: AdminEventMap[E]): Buffer {
  // JSON has no line breaks outside of escapes, so that no name can end the frame.
  return Buffer.from(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

/** The line that goes before a body. */
export function idLine(boot: string, seq: number): Buffer {
  return Buffer.from(`id: ${boot}-${seq}\n`);
}

/** The number in a `Last-Event-ID` of this boot; `null` for one of another boot and for what is no id. */
export function seqOf(boot: string, lastEventId: string): number | null {
  const [, digits] = new RegExp(`^${boot}-(\\d{1,15})$`).exec(lastEventId) ?? [];
  return digits === undefined ? null : Number(digits);
}

/** What a client does after a lost connection: come back after a second (all browsers wait 3 to 5 s otherwise). */
export const OPENING = Buffer.from('retry: 1000\n\n');

/** Keeps proxies from closing a quiet connection. */
export const HEARTBEAT = Buffer.from(': heartbeat\n\n');
