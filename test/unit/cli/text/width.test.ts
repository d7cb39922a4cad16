import { describe, expect, it } from 'vitest';
import { cutTo, fit, widthOf, wrapped } from '../../../../lib/cli/text/width.js';

describe('cells of a terminal (O4)', () => {
  it.each([
    ['images', 6],
    ['größe', 5],
    ['gro\u0308ße', 5],
    ['画像', 4],
    ['한국어', 6],
    ['ＡＢ', 4],
    ['🎉', 2],
    ['👩‍🚀', 2],
    ['❤️', 2],
    ['🇨🇭', 2],
    ['▁▄█', 3],
    ['', 0],
  ])('%s takes %i', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });

  it('fills up on either side, and cuts with an ellipsis, never through a wide character', () => {
    expect(fit('ab', 4)).toBe('ab  ');
    expect(fit('ab', 4, 'right')).toBe('  ab');
    expect(fit('abcdef', 4)).toBe('abc…');
    expect(fit('画像処理', 4)).toBe('画… ');
    for (let width = 0; width < 10; width++) expect(widthOf(fit('画像処理🎉x', width))).toBe(width);
    expect(cutTo('ab', 4)).toBe('ab');
  });

  it('takes most of a tower of accents away, which would cover other lines', () => {
    expect(fit(`a${'\u0301'.repeat(500)}b`, 4).length).toBeLessThan(16);
  });

  it('breaks lines between words', () => {
    expect(wrapped('one two three four', 9)).toBe('one two\nthree\nfour');
    expect(wrapped('immeasurable word', 5, '  ')).toBe('  immeasurable\n  word');
  });
});
