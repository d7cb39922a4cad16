import type { FactoryProvider, ModuleMetadata, Type } from '@nestjs/common';
import type { DynamicPoolModuleOptions } from './module-options.js';

/** What the factory of `forRootAsync()` gives: the options of `forRoot()`, but for `isGlobal`, which stands beside the factory. */
export type DynamicPoolFactoryOptions = Omit<DynamicPoolModuleOptions, 'isGlobal'>;

/**
 * A class that makes the options of the pools, for `forRootAsync({ useClass })` and `({ useExisting })`.
 * @publicApi
 */
export interface DynamicPoolOptionsFactory {
  /** Called once for each application, before its pools are created. */
  createDynamicPoolOptions(): Promise<DynamicPoolFactoryOptions> | DynamicPoolFactoryOptions;
}

interface CommonAsyncOptions {
  /** The names of all pools that the factory gives options for: Nest must know what can be injected before it asks. */
  pools: readonly string[];
  /** Modules that export what the factory injects. Not needed for what is global. */
  imports?: ModuleMetadata['imports'];
  /** Whether pools can be injected everywhere. Default true. */
  isGlobal?: boolean;
}

interface ByFunction {
  /** Makes the options from what `inject` lists. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever `inject` lists
  useFactory: (...dependencies: any[]) => Promise<DynamicPoolFactoryOptions> | DynamicPoolFactoryOptions;
  /** What the factory is given, in order. Default: nothing. */
  inject?: FactoryProvider['inject'];
  useClass?: never;
  useExisting?: never;
}

interface ByClass {
  /** A class that Nest builds for this; its constructor may inject what `imports` exports. */
  useClass: Type<DynamicPoolOptionsFactory>;
  useFactory?: never;
  useExisting?: never;
  inject?: never;
}

interface ByProvider {
  /** A class that `imports`, or a global module, provides already. */
  useExisting: Type<DynamicPoolOptionsFactory>;
  useFactory?: never;
  useClass?: never;
  inject?: never;
}

/** Options of `DynamicPoolModule.forRootAsync()`: exactly one of `useFactory`, `useClass` and `useExisting`. */
export type DynamicPoolModuleAsyncOptions = CommonAsyncOptions & (ByFunction | ByClass | ByProvider);
