import { isIPv4 } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { refused } from '../refused.js';

/** A proxy on this machine connects over loopback too, and says so by one of these. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'];

/**
 * Without guards, only a program on this machine that asks this machine by a name of its own is answered. Both ends of
 * the socket count, never what a header claims; headers can only make it a refusal. The name counts because a page of
 * anybody's may point its own domain at 127.0.0.1 (DNS rebinding).
 * @throws Refused 403
 */
export function requireLoopback({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): void {
  const { localAddress, remoteAddress } = socket;
  const host = headers.host ?? headers[':authority'];
  const isLocal =
    isLoopback(localAddress) &&
    isLoopback(remoteAddress) &&
    FORWARDED.every((name) => headers[name] === undefined) &&
    typeof host === 'string' &&
    isLocalName(host);
  if (isLocal) return;
  throw refused(
    403,
    'these routes have no guard (allowUnguarded), so they answer on the loopback interface only, without a proxy between. Give PoolAdminModule.forRoot() guards and a role to reach them from elsewhere.',
  );
}

export function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  const plain = address.replace(/^::ffff:/i, '');
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'));
}

function isLocalName(host: string): boolean {
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  return hostname === 'localhost' || hostname.endsWith('.localhost') || isLoopback(hostname.replace(/^\[|\]$/g, ''));
}
