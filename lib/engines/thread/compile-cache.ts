import { createRequire } from 'node:module';
import path from 'node:path';

/** As much of `node:module` as Node.js 22.1 adds, flushing 22.10. */
interface CompileCache {
  enableCompileCache?(directory: string): unknown;
  getCompileCacheDir?(): string | undefined;
  flushCompileCache?(): void;
}

/** Not imported: the names are missing in Node.js 20. */
const nodeModule = createRequire(import.meta.url)('node:module') as CompileCache;

/**
 * Where this thread keeps what V8 compiled of its modules; `null`: nowhere. Threads inherit `NODE_COMPILE_CACHE`, but not
 * what `module.enableCompileCache()` switched on. We switch nothing on that the application has not.
 */
export function compileCacheDirectory(): string | null {
  const directory = nodeModule.getCompileCacheDir?.();
  // The last part is Node's own, for its version.
  return directory ? path.dirname(directory) : null;
}

/** Uses the cache of the main thread, where it has one. */
export function shareCompileCache(directory: string | null | undefined): void {
  if (directory) nodeModule.enableCompileCache?.(directory);
}

/** Writes what is new now: a thread that is terminated later writes nothing, and the next one would compile it again. */
export function keepCompiled(): void {
  if (nodeModule.getCompileCacheDir?.()) nodeModule.flushCompileCache?.();
}
