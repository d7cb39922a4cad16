import { describe, expect, it } from 'vitest';
import { redacted, redactor } from '../../../lib/cli/redact.js';

describe('the token (O4)', () => {
  const redact = redactor('se/sa"me+1');

  it.each([
    'se/sa"me+1',
    String.raw`{"x":"se/sa\"me+1"}`,
    'https://x/?t=se%2Fsa%22me%2B1',
    'Bearer se/sa"me+1, twice se/sa"me+1',
  ])('is cut out of %s', (text) => {
    const shown = redact(text);
    expect(shown).toContain('[token]');
    expect(shown).not.toMatch(/sa.{0,4}me/);
  });

  it('is cut out of answers, names of fields too', () => {
    expect(redacted({ 'a se/sa"me+1': ['se/sa"me+1', 1, null] }, redact)).toEqual({
      'a [token]': ['[token]', 1, null],
    });
  });

  it('leaves texts alone where there is none, or one so short that it is no secret', () => {
    for (const token of [undefined, '', '  ', 'abc']) expect(redactor(token)('abc sesame')).toBe('abc sesame');
  });
});
