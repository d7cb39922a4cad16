import { createRequire } from 'node:module';
import path from 'node:path';

/** What is used of `@swc/core`, which is the project's own. */
export interface Swc {
  transformSync(source: string, options: Readonly<Record<string, unknown>>): { readonly code: string };
}

/** Where `@swc/core` of the project is that a file belongs to, seen from the file and then from the working directory. */
export function findSwc(file: string | URL): string | null {
  for (const from of [file, path.join(process.cwd(), 'package.json')]) {
    try {
      return createRequire(from).resolve('@swc/core');
    } catch {
      // Not from here.
    }
  }
  return null;
}

const loaded = new Map<string, Swc>();

/** @throws Error if it is not installed, or not for this platform. */
export function loadSwc(file: string): Swc {
  const folder = path.dirname(file);
  const known = loaded.get(folder);
  if (known) return known;
  const place = findSwc(file);
  if (place === null) throw new Error(`@swc/core cannot be found from ${file}`);
  const swc = createRequire(file)(place) as Swc;
  loaded.set(folder, swc);
  return swc;
}
