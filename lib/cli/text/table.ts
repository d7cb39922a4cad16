import { type Paint, plain, type Tone } from './paint.js';
import { fit, widthOf } from './width.js';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Whether it gives way where the line is too short for all. */
  readonly shrinks?: boolean;
}

export type Cell = string | { readonly text: string; readonly tone: Tone | undefined };

export interface TableOptions {
  readonly paint?: Paint;
  /** Cells in a line. Default: as many as it takes. */
  readonly width?: number;
}

const GAP = '  ';
/** What shrinks keeps as much. */
const LEAST = 8;

/** Lines of a table, its titles first, without spaces at their ends. */
export function table(columns: readonly Column[], rows: ReadonlyArray<readonly Cell[]>, options: TableOptions = {}) {
  const { paint = plain, width = Infinity } = options;
  const widths = shrunk(columns, naturalWidths(columns, rows), width);
  const line = (cells: readonly Cell[], toneOf: (cell: Cell) => Tone | undefined) =>
    cells
      .map((cell, index) => {
        const { align } = columns[index]!;
        const isLast = index === columns.length - 1 && align !== 'right';
        const text = fit(textOf(cell), widths[index]!, align);
        return paint(toneOf(cell), isLast ? text.trimEnd() : text);
      })
      .join(GAP)
      .trimEnd();
  const titles = columns.map(({ title }) => title);
  return [line(titles, () => 'faint'), ...rows.map((cells) => line(cells, toneOf))];
}

function naturalWidths(columns: readonly Column[], rows: ReadonlyArray<readonly Cell[]>): number[] {
  return columns.map(({ title }, index) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(textOf(row[index]!)))),
  );
}

/** Takes from the widest that shrinks until all fits, or none has anything to give. */
function shrunk(columns: readonly Column[], natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  const total = () => widths.reduce((sum, each) => sum + each, 0) + GAP.length * (widths.length - 1);
  while (total() > width) {
    let widest = -1;
    for (const [index, { shrinks }] of columns.entries()) {
      if (shrinks && widths[index]! > LEAST && widths[index]! > (widths[widest] ?? 0)) widest = index;
    }
    if (widest === -1) break;
    widths[widest]!--;
  }
  return widths;
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}

function toneOf(cell: Cell): Tone | undefined {
  return typeof cell === 'string' ? undefined : cell.tone;
}
