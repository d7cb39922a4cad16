import * as nodeModule from 'node:module';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { loadFilesWith } from '../thread/load-file.js';
import { hookRequire } from './commonjs-hooks.js';
import { loadModule, meant, retried } from './esm-modules.js';
import { moduleKind } from './module-kind.js';
import { isTypeScript } from './source-files.js';

/** There since Node.js 22.15; types of Node.js 20 do not know it. */
interface SyncHooks {
  registerHooks?(hooks: {
    resolve(specifier: string, context: Context, next: (specifier: string, context: Context) => object): object;
    load(url: string, context: object, next: (url: string, context: object) => object): object;
  }): void;
}

interface Context {
  readonly parentURL?: string;
  readonly conditions: readonly string[];
}

/**
 * Makes this thread load TypeScript, ahead of what Node.js and a runner do about it. `loaderHooks`: the module of hooks for
 * versions of Node.js that run them in a thread of their own.
 */
export function installTypeScript(loaderHooks: URL): void {
  process.setSourceMapsEnabled(true);
  hookRequire();
  const { registerHooks } = nodeModule as SyncHooks;
  if (registerHooks) registerHooks({ resolve, load: (url, context, next) => loadModule(url) ?? next(url, context) });
  else nodeModule.register(loaderHooks);
  loadFilesWith(loadFile);
}

function resolve(specifier: string, context: Context, next: (specifier: string, context: Context) => object): object {
  // What is required is resolved by the hook of require.
  if (context.conditions.includes('require')) return next(specifier, context);
  const url = meant(specifier, context.parentURL);
  if (url !== null) return next(url, context);
  try {
    return next(specifier, context);
  } catch (error) {
    return next(retried(error, context.parentURL), context);
  }
}

/** CommonJS sources by `require`, which knows all that they export; anything else by `import`. */
async function loadFile(url: string): Promise<Record<string, unknown>> {
  const file = url.startsWith('file:') && isTypeScript(url) ? fileURLToPath(url) : null;
  if (file === null || moduleKind(file) === 'module')
    return (await import(/* webpackIgnore: true */ url)) as Record<string, unknown>;
  const exported: unknown = createRequire(file)(file);
  return typeof exported === 'object' && exported !== null && '__esModule' in exported
    ? (exported as Record<string, unknown>)
    : { default: exported };
}
