import builtin from 'node:module';
import path from 'node:path';

/** As much of `node:module` as Node.js 22.1 adds, flushing 22.10. */
interface CompileCache {
  enableCompileCache?(directory: string): unknown;
  getCompileCacheDir?(): string | undefined;
  flushCompileCache?(): void;
}

/** As a whole: by name they could not be imported on Node.js 20, which lacks them. */
const nodeModule = builtin as CompileCache;

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
