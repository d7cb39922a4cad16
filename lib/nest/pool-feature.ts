import type { DynamicModule, FactoryProvider, Type } from '@nestjs/common';
import { PoolConfigError } from '../core/errors.js';
import { requireObject } from '../core/validate.js';
import type { NestPoolOptions } from './interfaces/module-options.js';
import type { PoolDirectory } from './pool-directory.js';
import type { PoolRuntime } from './pool-runtime.js';
import { requirePoolInput } from './resolve-module-options.js';
import { FEATURE_DIRECTORY, getPoolToken, POOL_FEATURE, POOL_ROOT, POOL_RUNTIME } from './tokens.js';

/** What one `forFeature()` adds to the pools of an application. No Map, since Nest's `deep-hash` overlooks what is in one. */
export class PoolFeature {
  constructor(readonly pools: readonly (readonly [name: string, options: NestPoolOptions])[]) {}
}

/**
 * Checks what can be told before the defaults of the application are known.
 * @throws PoolConfigError for reserved names and unknown options.
 */
export function poolFeature(input: unknown): PoolFeature {
  const pools = requireObject({ option: 'the pools of DynamicPoolModule.forFeature()' }, input);
  return new PoolFeature(Object.entries(pools).map(([name, own]) => [name, requirePoolInput(name, own)]));
}

/** Makes the pools of a feature injectable in the module that imports this; the application's root opens them. */
export function featureModule(module: Type, feature: PoolFeature): DynamicModule {
  const names = feature.pools.map(([name]) => name);
  const pools = names.map((name) => ({
    provide: getPoolToken(name),
    useFactory: (directory: PoolDirectory) => featurePool(directory, name),
    inject: [FEATURE_DIRECTORY],
  }));
  const directory: FactoryProvider = {
    provide: FEATURE_DIRECTORY,
    useFactory: (runtime?: PoolRuntime, root?: string) => directoryOf(names, runtime, root),
    inject: [
      { token: POOL_RUNTIME, optional: true },
      { token: POOL_ROOT, optional: true },
    ],
  };
  return { module, providers: [{ provide: POOL_FEATURE, useValue: feature }, directory, ...pools], exports: pools };
}

function directoryOf(
  names: readonly string[],
  runtime: PoolRuntime | undefined,
  root: string | undefined,
): PoolDirectory | Promise<never> {
  if (runtime) return runtime.directory;
  // Nest takes what could not be made for missing. The start fails by the root's own error, which says more.
  if (root) return new Promise<never>(() => {});
  throw new PoolConfigError(
    `DynamicPoolModule.forFeature() adds pools (${names.join(', ') || 'none'}), but this application has no DynamicPoolModule.forRoot() or forRootAsync() to open them. Import one in the root module; forRoot({ pools: {} }) will do.`,
  );
}

function featurePool(directory: PoolDirectory, name: string) {
  if (directory.has(name)) return directory.get(name, 'forFeature()');
  throw new PoolConfigError(
    `pool '${name}': DynamicPoolModule.forFeature() stands in a module that was loaded after the start of the application, and pools start with it. Import that module from the start, or give the pool to forRoot() or forRootAsync().`,
    { pool: name },
  );
}
