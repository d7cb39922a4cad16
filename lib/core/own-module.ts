/**
 * Loads a part of this library on demand: the same copy of it as the rest. tsx makes CommonJS of an ES module that is
 * required; `import()` there would load the untouched module and all that it needs a second time, with a state of its own.
 * `name`: of its file beside the shared chunks of the published package (scripts/bundle.mjs).
 */
export async function ownModule<T>(name: string, load: () => Promise<T>): Promise<T> {
  // An ES module knows no `module`.
  const require = typeof module === 'object' ? module.require?.bind(module) : undefined;
  if (!require) return load();
  try {
    return require(`./${name}.js`) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException | null)?.code !== 'MODULE_NOT_FOUND') throw error;
    // It is part of a bundle, or a package that it needs is not there: then this says so as well.
    return load();
  }
}
