import { describe, expect, it } from 'vitest';
import { clean, cleaned, safeJson } from '../../../../lib/cli/text/clean.js';

// What ends a line, moves a cursor, colours, rings, sets a title, turns text round or hides in it.
const HOSTILE = [
  '\u001b[2J',
  '\u009b31m',
  '\u0007',
  '\r\n',
  '\b',
  '\u007f',
  '\u0000',
  '\u202e',
  '\u2066',
  '\u2028',
  '\u200b',
  '\ud800',
];

describe('texts from a server (O4)', () => {
  it.each(HOSTILE)('%j loses what a terminal would obey', (hostile) => {
    const shown = clean(`a${hostile}b`);
    expect(shown).toMatch(/^a[\ufffd[\]0-9a-zA-Z]+b$/u);
    expect(shown).toContain('\ufffd');
  });

  it('keeps letters of all languages, and emoji', () => {
    for (const text of ['images', 'größe', '画像処理', 'изображения', 'صور', '👩‍🚀', '🎉'])
      expect(clean(text)).toBe(text);
  });

  it('cuts what nobody would read', () => {
    expect(clean('x'.repeat(100_000))).toHaveLength(2_001);
  });

  it('are replaced all through an answer, names of fields too, and none of them becomes a prototype', () => {
    const answer = JSON.parse('{"a\\u001b":["b\\u0007",{"__proto__":{"c":"\\u009b"}}],"n":1,"z":null}');
    const shown = cleaned(answer) as any;
    expect(JSON.stringify(shown)).toBe('{"a\ufffd":["b\ufffd",{"__proto__":{"c":"\ufffd"}}],"n":1,"z":null}');
    expect(shown['a\ufffd'][1].c).toBeUndefined();
  });

  it('are told by JSON as they are, in characters that a terminal does not obey', () => {
    for (const hostile of HOSTILE) {
      const text = safeJson({ [hostile]: hostile }, 2);
      expect(text).toMatch(/^[\n\x20-\x7e]*$/);
      expect(JSON.parse(text)).toEqual({ [hostile]: hostile });
    }
  });
});
