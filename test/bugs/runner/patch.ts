/** One file's part of a unified diff. */
export interface FilePatch {
  /** Relative to the root of the repository. */
  readonly file: string;
  readonly hunks: readonly Hunk[];
}

interface Hunk {
  readonly before: string;
  readonly after: string;
}

/** Reads a unified diff; text before its first file is a remark. */
export function parsePatch(text: string): FilePatch[] {
  return text
    .split(/^--- .*\n(?=\+\+\+ )/m)
    .slice(1)
    .map((part) => {
      const [head = '', ...hunks] = part.split(/^@@ .*\n/m);
      return { file: head.replace(/^\+\+\+ (?:b\/)?/, '').trimEnd(), hunks: hunks.map((lines) => parseHunk(lines)) };
    });
}

/**
 * Puts the hunks in. Each is found by its text, wherever that has moved to, and must fit in exactly one place: line
 * numbers go stale with every change above, and would let a short hunk land in the wrong function.
 * @throws Error for a patch that has gone stale.
 */
export function applyPatch({ file, hunks }: FilePatch, source: string): string {
  return hunks.reduce((patched, { before, after }) => {
    const places = patched.split(before).length - 1;
    if (places === 1) return patched.replace(before, () => after);
    throw new Error(`The patch is stale, refresh it. It fits ${places} places of ${file}; it looks for:\n${before}`);
  }, source);
}

function parseHunk(lines: string): Hunk {
  const rows = lines.split('\n').filter((row) => /^[ +-]/.test(row));
  const side = (own: string) =>
    rows
      .filter((row) => row.startsWith(' ') || row.startsWith(own))
      .map((row) => `${row.slice(1)}\n`)
      .join('');
  return { before: side('-'), after: side('+') };
}
