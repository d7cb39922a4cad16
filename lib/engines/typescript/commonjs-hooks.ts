// oxlint-disable no-underscore-dangle -- Node.js names these so
import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { moduleKind } from './module-kind.js';
import { resolveSource } from './resolve-source.js';
import { isTypeScript } from './source-files.js';
import { transpile } from './transpile.js';

/** What tools that load sources have always hooked into; Node.js keeps it for them. */
interface Loader {
  readonly _extensions: Record<string, (module: LoadingModule, file: string) => void>;
  _resolveFilename(request: string, parent: { readonly filename?: string | null } | null, ...rest: unknown[]): string;
}

interface LoadingModule {
  _compile(code: string, file: string, format: string): void;
}

/** Makes `require` of this thread load sources, in place of what a runner may have installed for them. */
export function hookRequire(): void {
  const loader = Module as unknown as Loader;
  for (const end of ['.ts', '.tsx', '.mts', '.cts']) {
    loader._extensions[end] = (module, file) => module._compile(transpile(file), file, moduleKind(file));
  }
  for (const end of ['.js', '.mjs']) requireEsModules(loader, end);
  const next = loader._resolveFilename;
  loader._resolveFilename = function (request, parent, ...rest) {
    const importer = parent?.filename;
    const found = importer && isTypeScript(importer) ? resolveSource(request, importer) : null;
    return found ?? next.call(this, request, parent, ...rest);
  };
}

/** Has Node.js itself load ES modules: where a runner does it, it may make CommonJS of them, a second copy of each. */
function requireEsModules({ _extensions }: Loader, end: string): void {
  const next = _extensions[end];
  _extensions[end] = (module, file) => {
    if (moduleKind(file) === 'module' || !next) module._compile(readFileSync(file, 'utf8'), file, 'module');
    else next(module, file);
  };
}
