const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** East Asian wide and full-width forms (Unicode UAX 11), and emoji. */
const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}])|\ufe0f/u;
const NOT_SEEN = /^\p{M}+$/u;
/** No letter has more accents: a tower of them would cover other lines. */
const MOST_MARKS = 10;

/** One cell each: the segmenter takes a hundred times as long, and most texts are such. */
const SIMPLE = /^[\x20-\x7e\u2581-\u2588…–]*$/;

interface Grapheme {
  readonly text: string;
  readonly width: number;
}

function graphemes(text: string): Grapheme[] {
  if (SIMPLE.test(text)) return Array.from(text, (char) => ({ text: char, width: 1 }));
  return Array.from(segments.segment(text), ({ segment }) => {
    const text = [...segment].slice(0, MOST_MARKS).join('');
    return { text, width: NOT_SEEN.test(text) ? 0 : WIDE.test(text) ? 2 : 1 };
  });
}

/** Cells that a text takes on a terminal. */
export function widthOf(text: string): number {
  return SIMPLE.test(text) ? text.length : graphemes(text).reduce((sum, { width }) => sum + width, 0);
}

/** The text in so many cells: filled up, or cut with an ellipsis. */
export function fit(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const cut = cutTo(text, width);
  const fill = ' '.repeat(Math.max(0, width - widthOf(cut)));
  return align === 'left' ? cut + fill : fill + cut;
}

/** The text in so many cells at most. */
export function cutTo(text: string, width: number): string {
  if (text.length <= width && SIMPLE.test(text)) return text;
  const parts = graphemes(text);
  if (parts.reduce((sum, part) => sum + part.width, 0) <= width) return parts.map((part) => part.text).join('');
  let [kept, used] = ['', 0];
  for (const part of parts) {
    if (used + part.width > width - 1) break;
    kept += part.text;
    used += part.width;
  }
  return width < 1 ? '' : `${kept}…`;
}

/** Lines of so many cells, broken between words; a word that is longer stands alone. `indent` goes before each line. */
export function wrapped(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(indent + longer) > width) {
      lines.push(indent + line);
      line = word;
    } else line = longer;
  }
  return [...lines, indent + line].join('\n');
}
