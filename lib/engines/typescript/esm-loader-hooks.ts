import type { LoadHook, ResolveHook } from 'node:module';
import { loadModule, meant, retried } from './esm-modules.js';

/** Hooks for `module.register()`, which Node.js runs in a thread of their own; where it can, they are run in the worker. */
export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  const url = meant(specifier, context.parentURL);
  if (url !== null) return nextResolve(url, context);
  try {
    return await nextResolve(specifier, context);
  } catch (error) {
    return nextResolve(retried(error, context.parentURL), context);
  }
};

export const load: LoadHook = async (url, context, nextLoad) => loadModule(url) ?? nextLoad(url, context);
