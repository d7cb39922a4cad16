/** Ends of the names of files that have to be transpiled. */
const TYPESCRIPT = /\.(?:ts|tsx|mts|cts)$/;

/** How TypeScript gets into a worker after all; a sentence but for its end. */
export const WAYS_OUT_WITHOUT_SWC =
  'Install it (npm i -D @swc/core), or run the compiled code (nest build, then node dist/main.js)';

/** Whether a path or a URL, with or without a query, names a file of TypeScript. In a path `#` and `?` are signs like others. */
export function isTypeScript(file: string): boolean {
  return TYPESCRIPT.test(file.startsWith('file:') ? file.replace(/[?#].*$/, '') : file);
}

/** What a compiler makes of a source file, and the sources that it may have been made of, by the end of the name. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

/** The names under which the source of a compiled file may stand: `x.ts` and `x.tsx` for `x.js`; none for other files. */
export function sourcesOf(file: string): readonly string[] {
  const end = /\.[cm]?jsx?$/.exec(file)?.[0] ?? '';
  return (SOURCES[end] ?? []).map((other) => file.slice(0, -end.length) + other);
}

/** The name of what a compiler makes of a source file, or `null` for other files. */
export function compiledName(file: string): string | null {
  if (!isTypeScript(file) || file.endsWith('.d.ts')) return null;
  return file.replace(/\.([cm]?)tsx?$/, '.$1js');
}
