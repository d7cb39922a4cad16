import type { DynamicModule, FactoryProvider } from '@nestjs/common';
import { APP_FILTER, HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { SchedulerRegistry } from '@nestjs/schedule';
import { PoolConfigError } from '../core/errors.js';
import type { ScalingKit } from '../core/scaling/autoscaler.js';
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
export async function buildRuntimeModule(options: ResolvedModuleOptions, kit: ScalingKit): Promise<DynamicModule> {
  // What reads YAML and checks schemas is loaded by those who use it.
  const open = options.config ? (await import('./open-configuration.js')).openConfiguration : undefined;
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
        useFactory: (modules: ModulesContainer, scheduler?: SchedulerRegistry) =>
          createRuntime(modules, () => new PoolRuntime(options, modules, kit, scheduler, open)),
        inject: [ModulesContainer, { token: SchedulerRegistry, optional: true }],
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

function createRuntime(modules: ModulesContainer, create: () => PoolRuntime): PoolRuntime {
  const count = [...modules.values()].filter(({ metatype }) => metatype === PoolRuntimeModule).length;
  if (count === 1) return create();
  throw new PoolConfigError(
    `DynamicPoolModule.forRoot() stands ${count} times among the imports of this application. Call it once, in the root module, with all pools; other modules can inject them without importing anything.`,
  );
}
