import { Module, type DynamicModule } from '@nestjs/common';
import { ownModule } from './core/own-module.js';
import { isPoolWorker } from './engines/worker-mark.js';
import { scalingKit } from './entries/scaling-kit.js';
import { asyncRoot } from './nest/async-root.js';
import { inertFeature, inertModule } from './nest/inert.js';
import type { DynamicPoolModuleAsyncOptions } from './nest/interfaces/async-options.js';
import type { DynamicPoolModuleOptions, NestPoolOptions } from './nest/interfaces/module-options.js';
import { featureModule, poolFeature } from './nest/pool-feature.js';
import { rootModule, type PoolRoot } from './nest/pool-root.js';
import { resolveModuleOptions } from './nest/resolve-module-options.js';

/**
 * Pools of worker threads for a Nest application.
 * @publicApi
 */
@Module({})
export class DynamicPoolModule {
  /**
   * Provides the pools, `PoolService` and the exception filter; import it once, in the root module. The pools start on
   * module init and drain on shutdown (`app.enableShutdownHooks()`). Inside a worker it starts nothing.
   * @throws PoolConfigError for options out of range, unknown options and worker files that are missing.
   * @example
   * DynamicPoolModule.forRoot({ pools: { images: { size: { max: 4 } } } })
   */
  static forRoot(options: DynamicPoolModuleOptions): DynamicModule {
    if (isPoolWorker()) return inertModule(DynamicPoolModule, Object.keys(options.pools), options.isGlobal ?? true);
    const resolved = resolveModuleOptions(options);
    const pools = [...resolved.pools.keys()];
    return openedBy({ call: 'forRoot()', pools, isGlobal: resolved.isGlobal, options: () => resolved });
  }

  /**
   * `forRoot()` with options that are made when the application starts, from what the container provides. The names are
   * told ahead, in `pools`; the options that are made must be for the same names. Inside a worker the factory is not called.
   * @throws PoolConfigError for a wrong call; what the factory does wrong stops the start with one.
   * @example
   * DynamicPoolModule.forRootAsync({
   *   pools: ['images'],
   *   inject: [ConfigService],
   *   useFactory: (config: ConfigService) => ({ pools: { images: { size: { max: config.get('IMAGES_MAX') } } } }),
   * })
   */
  static forRootAsync(options: DynamicPoolModuleAsyncOptions): DynamicModule {
    if (isPoolWorker()) return inertModule(DynamicPoolModule, options.pools, options.isGlobal ?? true);
    return openedBy(asyncRoot(options));
  }

  /**
   * Adds pools to those of `forRoot()` or `forRootAsync()`, whose defaults, budget and configuration file they share. Can be
   * injected in the module that imports this, and in those it exports it to. Several modules may add one and the same pool.
   * @throws PoolConfigError for unknown options and reserved names; other faults stop the start with one.
   * @example
   * DynamicPoolModule.forFeature({ thumbnails: { size: { max: 2 } } })
   */
  static forFeature(pools: Record<string, NestPoolOptions>): DynamicModule {
    if (isPoolWorker()) return inertFeature(DynamicPoolModule, Object.keys(pools));
    return featureModule(DynamicPoolModule, poolFeature(pools));
  }
}

let calls = 0;

function openedBy(call: Omit<PoolRoot, 'serial'>): DynamicModule {
  const root = { ...call, serial: ++calls };
  const parts = ownModule('build-runtime-module', () => import('./nest/build-runtime-module.js'));
  const runtime = parts.then(({ buildRuntimeModule }) => buildRuntimeModule(root, scalingKit));
  return rootModule(DynamicPoolModule, root, runtime);
}
