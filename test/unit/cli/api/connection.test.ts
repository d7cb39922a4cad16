import { describe, expect, it } from 'vitest';
import { connectionOf } from '../../../../lib/cli/api/connection.js';
import { EXIT } from '../../../../lib/cli/command.js';
import { surroundings } from '../../../support/cli-surroundings.js';

const urlOf = (url: string | undefined, env: Record<string, string> = {}, more = {}) =>
  connectionOf({ url, ...more }, surroundings({ env })).url;

describe('where the admin API is (O4)', () => {
  it.each([
    [undefined, {}, 'http://127.0.0.1:3000/pools'],
    [undefined, { DYNAMIC_POOL_URL: 'https://shop.example.com/ops/pools/' }, 'https://shop.example.com/ops/pools'],
    [undefined, { DYNAMIC_POOL_URL: '' }, 'http://127.0.0.1:3000/pools'],
    ['http://localhost:4000', { DYNAMIC_POOL_URL: 'https://x.test' }, 'http://localhost:4000/pools'],
    ['http://127.0.0.1:4000/', {}, 'http://127.0.0.1:4000/pools'],
    ['http://[::1]:4000/admin', {}, 'http://[::1]:4000/admin'],
    ['https://shop.example.com', {}, 'https://shop.example.com/pools'],
  ])('--url %s with %j is %s', (url, env, expected) => {
    expect(urlOf(url, env)).toBe(expected);
  });

  it.each([
    'http://example.com',
    'http://10.0.0.7:3000',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://0.0.0.0:3000',
  ])('refuses plain HTTP to %s, with the remedy, unless told', (url) => {
    expect(() => urlOf(url)).toThrow(
      expect.objectContaining({ exitCode: EXIT.usage, message: expect.stringMatching(/https.*--insecure/) }),
    );
    expect(() => urlOf(undefined, { DYNAMIC_POOL_URL: url })).toThrow('plain HTTP');
    expect(urlOf(url, {}, { insecure: true })).toBe(`${url}/pools`);
  });

  it('names the variable where that is what is wrong', () => {
    expect(() => urlOf(undefined, { DYNAMIC_POOL_URL: 'nonsense' })).toThrow("DYNAMIC_POOL_URL is 'nonsense'");
  });
});

describe('the token (O4)', () => {
  const tokenOf = (token: string) => connectionOf({}, surroundings({ env: { DYNAMIC_POOL_TOKEN: token } })).token;

  it('comes from the environment, without the line end of the file that it came from', () => {
    expect(tokenOf('sesame\n')).toBe('sesame');
    expect(tokenOf(' ')).toBeUndefined();
  });

  it.each(['open sesame', 'sesäme', 'a\nb'])('%j is refused without being told', (token) => {
    expect(() => tokenOf(token)).toThrow(/^DYNAMIC_POOL_TOKEN has characters that no bearer token has/);
  });
});
