import { AsyncLocalStorage } from 'node:async_hooks';

type OnProgress = (value: unknown) => void;

/** Made when it is first used: on Node.js 20 it slows every promise. */
let listeners: AsyncLocalStorage<OnProgress> | null = null;

/**
 * Hears what decorated methods report by `taskContext().progress(value)` that `run` calls, itself or by what it calls and
 * awaits. Returns what `run` returns. Of calls inside one another the innermost listener counts.
 * @example
 * const small = await withProgress((done) => log(done), () => this.images.thumbnail(image, 128));
 * @publicApi
 */
export function withProgress<R>(onProgress: (value: unknown) => void, run: () => R): R {
  listeners ??= new AsyncLocalStorage();
  return listeners.run(onProgress, run);
}

/** Who listens here, for the options of a call. */
export function listening(): { readonly onProgress?: OnProgress } | undefined {
  const onProgress = listeners?.getStore();
  return onProgress && { onProgress };
}
