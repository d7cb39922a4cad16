import path from 'node:path';
import { nearest } from './nearest.js';
import { readJsonObject } from './read-json.js';

export type ModuleKind = 'module' | 'commonjs';

const packageKind = nearest((folder): ModuleKind | null => {
  const json = readJsonObject(path.join(folder, 'package.json'));
  return json && (json.type === 'module' ? 'module' : 'commonjs');
});

/** What Node takes a file for, a source once it is JavaScript: by its name, else by the nearest package.json. */
export function moduleKind(file: string): ModuleKind {
  if (/\.m[jt]s$/.test(file)) return 'module';
  if (/\.c[jt]s$/.test(file)) return 'commonjs';
  return packageKind(path.dirname(file)) ?? 'commonjs';
}
