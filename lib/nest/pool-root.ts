import type { DynamicModule, FactoryProvider, ModuleMetadata, Provider, Type } from '@nestjs/common';
import type { PoolRuntime } from './pool-runtime.js';
import { PoolService } from './pool.service.js';
import type { ResolvedModuleOptions } from './resolve-module-options.js';
import { getPoolToken, POOL_CALL, POOL_RUNTIME } from './tokens.js';

/** How the pools of an application are opened. */
export interface PoolRoot {
  /** Told in messages. */
  readonly call: 'forRoot()' | 'forRootAsync()';
  /** No other call in this process has it. */
  readonly serial: number;
  readonly pools: readonly string[];
  readonly isGlobal: boolean;
  /** Gives the checked options from what `inject` lists, which `imports` and `providers` bring. */
  readonly options: (...dependencies: unknown[]) => ResolvedModuleOptions | Promise<ResolvedModuleOptions>;
  readonly inject?: FactoryProvider['inject'];
  readonly imports?: ModuleMetadata['imports'];
  readonly providers?: readonly Provider[];
}

/** Makes the pools that `runtime` opens injectable. */
export function rootModule(
  module: Type,
  { pools, isGlobal, serial }: PoolRoot,
  runtime: Promise<DynamicModule>,
): DynamicModule {
  const service: FactoryProvider = {
    provide: PoolService,
    useFactory: ({ directory }: PoolRuntime) => new PoolService(directory),
    inject: [POOL_RUNTIME],
  };
  const injectable = [service, ...pools.map(poolProvider)];
  const providers = [{ provide: POOL_CALL, useValue: serial }, ...injectable];
  return { module, global: isGlobal, imports: [runtime], providers, exports: injectable };
}

function poolProvider(name: string): FactoryProvider {
  return {
    provide: getPoolToken(name),
    useFactory: ({ directory }: PoolRuntime) => directory.get(name, 'InjectPool'),
    inject: [POOL_RUNTIME],
  };
}
