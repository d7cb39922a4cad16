import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { aliased } from './aliases.js';
import { sourcesOf } from './source-files.js';
import { projectOf } from './ts-project.js';

/** What may be left out at the end of a name, in the order in which it is tried. */
const ENDS = ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'];
const INDEXES = ['index.ts', 'index.tsx', 'index.js'];

/**
 * The file that an import in a source file means where Node would not find it, or would take the compiled one: `./x.js`
 * that is x.ts, names without an end, folders, aliases of tsconfig.json. `null`: Node knows best.
 */
export function resolveSource(specifier: string, importer: string): string | null {
  if (/^\.{1,2}(?:\/|$)/.test(specifier)) return sourceAt(path.resolve(path.dirname(importer), specifier));
  if (path.isAbsolute(specifier)) return sourceAt(specifier);
  if (/^(?:node:|#|[a-z]+:)/.test(specifier)) return null;
  for (const file of aliased(specifier, projectOf(importer))) {
    const found = sourceAt(file);
    if (found) return found;
  }
  return null;
}

/** The file that stands for a path, if any does. */
export function sourceAt(file: string): string | null {
  const names = [
    ...sourcesOf(file),
    file,
    ...ENDS.map((end) => file + end),
    ...INDEXES.map((index) => path.join(file, index)),
  ];
  const found = names.find(isFile);
  // As Node does, so that one file is one module however it was reached.
  return found === undefined ? null : realpathSync(found);
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
