import type { LoadFnOutput } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { moduleKind } from './module-kind.js';
import { resolveSource, sourceAt } from './resolve-source.js';
import { isTypeScript } from './source-files.js';
import { transpile } from './transpile.js';

/** The URL that an import in a source file means; `null` where Node.js knows best, and for imports of other files. */
export function meant(specifier: string, parentURL: string | undefined): string | null {
  const importer = sourceFile(parentURL);
  if (importer === null) return null;
  const url = /^(?:\.|\/|file:)/.test(specifier) ? new URL(specifier, parentURL) : null;
  const found = url ? url.protocol === 'file:' && sourceAt(fileURLToPath(url)) : resolveSource(specifier, importer);
  return found ? pathToFileURL(found).href + (url?.search ?? '') + (url?.hash ?? '') : null;
}

/**
 * The source of a compiled file that was not found: package.json names those, under `imports` and in packages of the
 * same repository.
 * @throws the error, where there is none.
 */
export function retried(error: unknown, parentURL: string | undefined): string {
  const { code, url } = (error ?? {}) as { readonly code?: unknown; readonly url?: unknown };
  const isLost = code === 'ERR_MODULE_NOT_FOUND' && typeof url === 'string' && url.startsWith('file:');
  const found = isLost && sourceFile(parentURL) !== null ? sourceAt(fileURLToPath(url)) : null;
  if (found) return pathToFileURL(found).href;
  throw error;
}

/** A source file as a module; `null` for other files. A CommonJS one is left to `require`, which shares its instances. */
export function loadModule(url: string): LoadFnOutput | null {
  const file = sourceFile(url);
  if (file === null) return null;
  const format = moduleKind(file);
  return { format, source: format === 'module' ? transpile(file) : undefined, shortCircuit: true };
}

function sourceFile(url: string | undefined): string | null {
  return url?.startsWith('file:') && isTypeScript(url) ? fileURLToPath(url) : null;
}
