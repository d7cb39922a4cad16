import { describe, expect, it } from 'vitest';
import { coloured, paintFor, plain } from '../../../../lib/cli/text/paint.js';
import { shellWord } from '../../../../lib/cli/text/shell-word.js';
import { table } from '../../../../lib/cli/text/table.js';
import { widthOf } from '../../../../lib/cli/text/width.js';
import { surroundings } from '../../../support/cli-surroundings.js';

const COLUMNS = [
  { title: 'POOL', shrinks: true },
  { title: 'SIZE', align: 'right' as const },
  { title: 'NOTE', shrinks: true },
];

describe('tables (O4)', () => {
  it('are in columns, whatever the width of the letters', () => {
    expect(
      table(COLUMNS, [
        ['images', '12', 'x'],
        ['画像', '3', ''],
      ]),
    ).toEqual(['POOL    SIZE  NOTE', 'images    12  x', '画像       3']);
  });

  it('keep within a line by cutting the widest that may shrink', () => {
    const lines = table(COLUMNS, [['a'.repeat(30), '12', 'b'.repeat(10)]], { width: 30 });
    expect(lines.map(widthOf)).toEqual([24, 30]);
    expect(lines[1]).toMatch(/^a+…\s+12\s+b{10}$/);
  });

  it('colour cells without moving columns', () => {
    const cells = [[{ text: 'up', tone: 'good' as const }, '1', 'x']];
    const bare = table(COLUMNS, cells);
    const lines = table(COLUMNS, cells, { paint: coloured });
    expect(lines[1]).toContain('\u001b[32mup  \u001b[0m');
    // oxlint-disable-next-line no-control-regex
    expect(lines.map((line) => line.replaceAll(/\u001b\[\d+m/g, ''))).toEqual(bare);
  });
});

describe('colours (O4)', () => {
  it('come on a terminal only, and not with NO_COLOR', () => {
    expect(paintFor(surroundings({ isTTY: true }))).toBe(coloured);
    expect(paintFor(surroundings({ isTTY: true, env: { NO_COLOR: '' } }))).toBe(coloured);
    expect(paintFor(surroundings({ isTTY: true, env: { NO_COLOR: '1' } }))).toBe(plain);
    expect(paintFor(surroundings({ isTTY: false }))).toBe(plain);
  });
});

describe('names in commands that are told (O4)', () => {
  it.each([
    ['images', 'images'],
    ['a b', "'a b'"],
    ['$(touch x)', "'$(touch x)'"],
    ["it's", String.raw`'it'\''s'`],
    ['-rf', '-- -rf'],
  ])('%s is one word', (name, word) => {
    expect(shellWord(name)).toBe(word);
  });
});
