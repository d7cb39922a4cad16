import type { PoolWorkerOptions } from './interfaces/pool-worker-options.js';
import type { AnyClass } from './pooled-methods.js';

const declared = new WeakMap<AnyClass, PoolWorkerOptions & { readonly file: string | null }>();

export function declarePoolWorker(cls: AnyClass, options: PoolWorkerOptions, file: string | null): void {
  declared.set(cls, { ...options, file });
}

/** What `@PoolWorker` says about this very class; subclasses do not inherit it. */
export function poolWorkerOf(cls: AnyClass): (PoolWorkerOptions & { readonly file: string | null }) | undefined {
  return declared.get(cls);
}
