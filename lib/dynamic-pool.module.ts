import { Module, type DynamicModule } from '@nestjs/common';
import { isPoolWorker } from './engines/worker-mark.js';
import { scalingKit } from './entries/scaling-kit.js';
import { inertModule } from './nest/inert.js';
import type { DynamicPoolModuleOptions } from './nest/interfaces/module-options.js';
import { PoolRuntimeModule } from './nest/pool-runtime.module.js';
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
    const runtime = import('./nest/build-runtime-module.js').then(({ buildRuntimeModule }) =>
      buildRuntimeModule(resolved, scalingKit),
    );
    return { module: DynamicPoolModule, global: resolved.isGlobal, imports: [runtime], exports: [PoolRuntimeModule] };
  }
}
