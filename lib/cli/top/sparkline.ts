const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/**
 * The newest values as blocks, one each, the newest on the right; a blank where nothing is known. The highest of them, or
 * `most`, is a full block, and what is above 0 never looks like 0.
 */
export function sparkline(values: ReadonlyArray<number | null>, width: number, most = 0): string {
  const shown = width > 0 ? values.slice(-width) : [];
  const top = shown.reduce<number>((highest, value) => Math.max(highest, value ?? 0), most);
  return shown
    .map((value) => (value === null ? ' ' : block(value, top)))
    .join('')
    .padStart(width);
}

function block(value: number, top: number): string {
  if (!(value > 0 && top > 0)) return BLOCKS[0]!;
  const step = Math.ceil((value / top) * (BLOCKS.length - 1));
  return BLOCKS[Math.min(BLOCKS.length - 1, Math.max(1, step))]!;
}
