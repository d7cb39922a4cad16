import { readFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { moduleKind } from './module-kind.js';
import { nearest } from './nearest.js';
import { readJsonObject } from './read-json.js';
import { loadSwc } from './swc.js';
import { swcOptions } from './swc-options.js';
import { projectOf } from './ts-project.js';

const nearestSwcrc = nearest((folder) => {
  const settings = readJsonObject(path.join(folder, '.swcrc'));
  return settings && { folder, settings };
});

const typescriptMajor = nearest((folder): number | null => {
  const version = readJsonObject(path.join(folder, 'node_modules/typescript/package.json'))?.version;
  return typeof version === 'string' ? Number.parseInt(version, 10) : null;
});

/**
 * A source file as JavaScript, by the project's own `@swc/core`.
 * @throws SyntaxError naming the file and the place, if it does not parse; Error, if `@swc/core` is not there.
 */
export function transpile(file: string): string {
  const swc = loadSwc(file);
  const folder = path.dirname(file);
  const options = swcOptions({
    file,
    kind: moduleKind(file),
    compilerOptions: projectOf(file).options,
    swcrc: nearestSwcrc(folder),
    typescriptMajor: typescriptMajor(folder) ?? 6,
  });
  const source = readFileSync(file, 'utf8');
  try {
    return swc.transformSync(source, options).code;
  } catch (error) {
    const told = stripVTControlCharacters(error instanceof Error ? error.message : String(error)).trim();
    throw new SyntaxError(`@swc/core cannot transpile ${file}: ${told}`);
  }
}
