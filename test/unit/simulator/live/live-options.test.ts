import { describe, expect, it } from 'vitest';
import { PoolConfigError } from '../../../../lib/core/errors.js';
import { isLoopback } from '../../../../lib/simulator/live/loopback.js';
import { checkedLoad, type RunLoadOptions } from '../../../../lib/simulator/live/live-options.js';
import { constant } from '../../../../lib/simulator/load/index.js';

const base = { url: 'http://127.0.0.1:3000/a?b=1', shape: constant() };
const check = (options: object) => checkedLoad({ ...base, ...options } as RunLoadOptions);

describe('the options of runLoad', () => {
  it('have documented defaults', () => {
    expect(check({})).toMatchObject({
      request: { method: 'GET', path: '/a?b=1', headers: {}, body: undefined },
      seed: 1,
      objectiveMs: null,
      connections: 256,
      timeoutMs: 30_000,
      settleMs: 10_000,
    });
    expect(check({ body: 'hello' }).request).toMatchObject({ method: 'POST', body: Buffer.from('hello') });
  });

  it.each(['localhost', '127.0.0.1', '127.9.8.7', '[::1]'])('take %s for this machine', (host) => {
    expect(isLoopback(host)).toBe(true);
    expect(() => check({ url: `http://${host}:3000/` })).not.toThrow();
  });

  it.each(['example.com', '10.0.0.1', '0.0.0.0', '[::]', 'localhost.example.com', '127.0.0.1.example.com'])(
    'refuse %s, unless it is allowed',
    (host) => {
      expect(() => check({ url: `http://${host}/` })).toThrow(/not on this machine\. .*allowRemote: true/);
      expect(() => check({ url: `http://${host}/`, allowRemote: true })).not.toThrow();
    },
  );

  it('see through other ways to write an address', () => {
    expect(() => check({ url: 'http://127.1/' })).not.toThrow();
    expect(() => check({ url: 'http://127.0.0.1@10.0.0.1/' })).toThrow(/not on this machine/);
  });

  it.each([
    [{ url: 'nonsense' }, /url is "nonsense", but must be an http or https URL/],
    [{ url: 'ftp://localhost/' }, /url is "ftp:/],
    [{ connections: 0 }, /connections is 0, but must be a whole number from 1/],
    [{ seed: 1.5 }, /seed is 1.5/],
    [{ objectiveMs: -1 }, /objectiveMs is -1/],
    [{ timeoutMs: 0 }, /timeoutMs is 0/],
    [{ settleMs: NaN }, /settleMs is NaN/],
    [{ shape: undefined }, /shape is undefined/],
    [{ connection: 3 }, /no option "connection"\. Did you mean 'connections'\?/],
  ])('refuse %j', (options, message) => {
    expect(() => check(options)).toThrow(PoolConfigError);
    expect(() => check(options)).toThrow(message);
  });
});
