import type { DynamicModule, FactoryProvider } from '@nestjs/common';
import { APP_FILTER, HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { PoolConfigError } from '../core/errors.js';
import { PoolExceptionFilter } from './pool-exception.filter.js';
import { PoolLifecycle } from './pool-lifecycle.js';
import { PoolRuntime } from './pool-runtime.js';
import { PoolRuntimeModule } from './pool-runtime.module.js';
import { PoolService } from './pool.service.js';
import type { ResolvedModuleOptions } from './resolve-module-options.js';
import { getPoolToken } from './tokens.js';

/**
 * The providers of an application's pools. In a file of its own, loaded when an application asks for it: workers
 * import the library too, and do without @nestjs/core where they can.
 */
export function buildRuntimeModule(options: ResolvedModuleOptions): DynamicModule {
  const pools: FactoryProvider[] = [...options.pools.keys()].map((name) => ({
    provide: getPoolToken(name),
    useFactory: ({ directory }: PoolRuntime) => directory.get(name, 'InjectPool'),
    inject: [PoolRuntime],
  }));
  const service: FactoryProvider = {
    provide: PoolService,
    useFactory: ({ directory }: PoolRuntime) => new PoolService(directory),
    inject: [PoolRuntime],
  };
  return {
    module: PoolRuntimeModule,
    global: options.isGlobal,
    providers: [
      {
        provide: PoolRuntime,
        useFactory: (modules: ModulesContainer) => createRuntime(options, modules),
        inject: [ModulesContainer],
      },
      {
        provide: PoolLifecycle,
        useFactory: (runtime: PoolRuntime) => new PoolLifecycle(runtime),
        inject: [PoolRuntime],
      },
      {
        provide: APP_FILTER,
        useFactory: (host: HttpAdapterHost) => new PoolExceptionFilter(host),
        inject: [HttpAdapterHost],
      },
      service,
      ...pools,
    ],
    exports: [service, ...pools],
  };
}

function createRuntime(options: ResolvedModuleOptions, modules: ModulesContainer): PoolRuntime {
  const count = [...modules.values()].filter(({ metatype }) => metatype === PoolRuntimeModule).length;
  if (count === 1) return new PoolRuntime(options, modules);
  throw new PoolConfigError(
    `DynamicPoolModule.forRoot() stands ${count} times among the imports of this application. Call it once, in the root module, with all pools; other modules can inject them without importing anything.`,
  );
}
