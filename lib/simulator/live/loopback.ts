/**
 * Whether a host, as in `new URL(...).hostname`, is this machine and nothing else: `localhost` (RFC 6761), 127.0.0.0/8 and
 * ::1. URLs write addresses in one form, so that `127.1` is 127.0.0.1 here.
 */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
