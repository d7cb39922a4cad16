import { pathToFileURL } from 'node:url';

/** Deep enough to pass a stack of composed decorators. */
const FRAMES = 64;
/** Frames below which a module's code is not to be looked for: Node's loaders, and those of test runners. */
const LOADER = /^node:|[\\/]node_modules[\\/](?:@?vitest|vite|vite-node|jest-runtime)[\\/]/;

/**
 * The file URL of the module whose evaluation is under way, or `null`. A decorator is applied while the module of its
 * class is evaluated; helpers and composed decorators of other files stand above that module's frame in the stack,
 * the loader right below it.
 */
export function callingFile(): string | null {
  let file: string | null = null;
  for (const site of callSites()) {
    const name = site.getFileName();
    if (!name) continue;
    if (LOADER.test(name)) break;
    file = toFileUrl(name) ?? file;
  }
  return file;
}

function callSites(): readonly NodeJS.CallSite[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = FRAMES;
    Error.prepareStackTrace = (_, sites) => sites;
    return (new Error().stack ?? []) as unknown as readonly NodeJS.CallSite[];
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** ECMAScript modules stand in call sites as URLs, CommonJS ones as paths. Anything else is no file. */
export function toFileUrl(name: string): string | null {
  if (name.startsWith('file:')) return withoutQuery(new URL(name));
  return /^(?:\/|[a-z]:[\\/]|\\\\)/i.test(name) ? pathToFileURL(name).href : null;
}

function withoutQuery(url: URL): string {
  url.search = url.hash = '';
  return url.href;
}
