import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { requireLoopback } from '../../../lib/admin/http/gates/loopback.js';
import { requireSameOrigin } from '../../../lib/admin/http/gates/same-origin.js';

const passes = (check: () => void): boolean => {
  try {
    check();
    return true;
  } catch {
    return false;
  }
};
const over = (localAddress: string | undefined, remoteAddress: string | undefined, headers: object = {}) =>
  ({
    socket: { localAddress, remoteAddress },
    headers: { host: 'localhost:3000', ...headers },
  }) as unknown as IncomingMessage;

test.each<[string | undefined, string | undefined, boolean]>([
  ['127.0.0.1', '127.0.0.1', true],
  ['127.0.0.1', '127.8.9.1', true],
  ['::1', '::1', true],
  ['::ffff:127.0.0.1', '::ffff:127.0.0.1', true],
  ['192.0.2.1', '127.0.0.1', false],
  ['127.0.0.1', '192.0.2.1', false],
  ['192.0.2.1', '192.0.2.1', false],
  ['::ffff:192.0.2.1', '::ffff:192.0.2.1', false],
  ['fe80::1', '::1', false],
  ['127.0.0.1', undefined, false],
  [undefined, undefined, false],
])('without guards, from %s to %s: %s', (local, remote, isAnswered) => {
  expect(passes(() => requireLoopback(over(local, remote)))).toBe(isAnswered);
});

test.each<[Record<string, string | undefined>, boolean]>([
  [{ host: 'localhost' }, true],
  [{ host: 'app.localhost:80' }, true],
  [{ host: '127.0.0.1:3000' }, true],
  [{ host: '[::1]:3000' }, true],
  [{ host: undefined, ':authority': 'localhost:3000' }, true],
  [{ host: undefined }, false],
  [{ host: '' }, false],
  [{ host: 'evil.example' }, false],
  [{ host: '127.0.0.1.evil.example' }, false],
  [{ host: 'user@evil.example' }, false],
  [{ host: '10.0.0.1' }, false],
  [{ via: '1.1 proxy' }, false],
  [{ 'x-forwarded-proto': 'https' }, false],
])('without guards, over loopback with the headers %o: %s', (headers, isAnswered) => {
  expect(passes(() => requireLoopback(over('127.0.0.1', '127.0.0.1', headers)))).toBe(isAnswered);
});

test.each<[Record<string, string>, boolean]>([
  [{}, true],
  [{ origin: 'http://app.example' }, true],
  [{ origin: 'https://app.example' }, true],
  [{ origin: 'http://app.example:81' }, false],
  [{ origin: 'http://other.example' }, false],
  [{ origin: 'chrome-extension://app.example' }, false],
  [{ origin: 'null' }, false],
  [{ origin: 'http://app.example', 'sec-fetch-site': 'cross-site' }, false],
  [{ 'sec-fetch-site': 'anything' }, false],
  [{ origin: 'https://ops.example', 'sec-fetch-site': 'cross-site' }, true],
])('of another origin or not, by %o: %s', (headers, isAnswered) => {
  const request = { headers: { host: 'app.example', ...headers } };
  expect(passes(() => requireSameOrigin(request, new Set(['https://ops.example'])))).toBe(isAnswered);
});
