import type { DynamicModule, Provider } from '@nestjs/common';
import { APP_FILTER, HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { SchedulerRegistry } from '@nestjs/schedule';
import { PoolConfigError } from '../core/errors.js';
import { ownModule } from '../core/own-module.js';
import type { ScalingKit } from '../core/scaling/autoscaler.js';
import { addFeatures } from './add-features.js';
import { PoolExceptionFilter } from './pool-exception.filter.js';
import { PoolLifecycle } from './pool-lifecycle.js';
import type { PoolRoot } from './pool-root.js';
import { PoolRuntime } from './pool-runtime.js';
import { PoolRuntimeModule } from './pool-runtime.module.js';
import { POOL_STAGE, type PoolStage } from './pool-stage.js';
import type { ResolvedModuleOptions } from './resolve-module-options.js';
import { POOL_CALL, POOL_OPTIONS, POOL_ROOT, POOL_RUNTIME, POOL_SCOPE } from './tokens.js';

/**
 * What runs an application's pools. In a file of its own, loaded when an application asks for it: workers import the
 * library too, and do without @nestjs/core where they can. Global, so that `forFeature()` finds the pools in any module;
 * who may inject them is up to the modules that export them.
 */
export function buildRuntimeModule(root: PoolRoot, kit: ScalingKit): DynamicModule {
  const providers: Provider[] = [
    ...(root.providers ?? []),
    { provide: POOL_ROOT, useValue: root.call },
    { provide: POOL_CALL, useValue: root.serial },
    { provide: POOL_STAGE, useValue: null },
    {
      provide: POOL_OPTIONS,
      useFactory: (modules: ModulesContainer, ...dependencies: unknown[]) => {
        refuseSecondRoot(modules);
        return root.options(...dependencies);
      },
      inject: [ModulesContainer, ...(root.inject ?? [])],
    },
    {
      provide: POOL_SCOPE,
      useFactory: (modules: ModulesContainer) => ({ onModuleInit: () => refuseScopedOptions(modules) }),
      inject: [ModulesContainer],
    },
    {
      provide: POOL_RUNTIME,
      useFactory: (
        own: ResolvedModuleOptions,
        modules: ModulesContainer,
        stage: PoolStage | null,
        scheduler?: SchedulerRegistry,
      ) => openRuntime(addFeatures(own, modules, root.call), modules, kit, stage, scheduler),
      inject: [POOL_OPTIONS, ModulesContainer, POOL_STAGE, { token: SchedulerRegistry, optional: true }],
    },
    {
      provide: PoolLifecycle,
      useFactory: (runtime: PoolRuntime) => new PoolLifecycle(runtime),
      inject: [POOL_RUNTIME],
    },
    {
      provide: APP_FILTER,
      useFactory: (host: HttpAdapterHost) => new PoolExceptionFilter(host),
      inject: [HttpAdapterHost],
    },
  ];
  return {
    module: PoolRuntimeModule,
    global: true,
    imports: root.imports,
    providers,
    exports: [POOL_RUNTIME, POOL_ROOT],
  };
}

/** What reads YAML and checks schemas is loaded by those who use it. */
async function openRuntime(
  options: ResolvedModuleOptions,
  modules: ModulesContainer,
  kit: ScalingKit,
  stage: PoolStage | null,
  scheduler: SchedulerRegistry | undefined,
): Promise<PoolRuntime> {
  const reader = options.config && ownModule('open-configuration', () => import('./open-configuration.js'));
  return new PoolRuntime(options, modules, kit, scheduler, (await reader)?.openConfiguration, stage);
}

function refuseSecondRoot(modules: ModulesContainer): void {
  const roots = [...modules.values()].filter(({ metatype }) => metatype === PoolRuntimeModule);
  if (roots.length === 1) return;
  const calls = [...new Set(roots.map(({ providers }) => String(providers.get(POOL_ROOT)?.instance)))].sort();
  throw new PoolConfigError(
    `DynamicPoolModule.${calls.join(' and ')} ${calls.length === 1 ? 'stands' : 'stand'} ${roots.length} times among the imports of this application. Call one of them once, in the root module; other modules can inject its pools without importing anything, and add their own with forFeature().`,
  );
}

/** Nest would make the pools anew for each request, which means never: the application would start, and have none. */
function refuseScopedOptions(modules: ModulesContainer): void {
  const own = [...modules.values()].find(({ metatype }) => metatype === PoolRuntimeModule);
  const options = own?.providers.get(POOL_OPTIONS);
  if (!options || options.isDependencyTreeStatic()) return;
  const scoped = (options.getCtorMetadata() ?? []).filter((given) => given && !given.isDependencyTreeStatic());
  throw new PoolConfigError(
    `DynamicPoolModule.forRootAsync(): the options of the pools are made once, when the application starts and there is no request, but they are made from what is of request scope, or is given something that is: ${scoped.map(({ name }) => String(name)).join(', ')}. Give that the default scope, or make the options from something else.`,
  );
}
