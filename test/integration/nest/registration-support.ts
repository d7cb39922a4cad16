import type { DynamicModule, ModuleMetadata } from '@nestjs/common';
import { expect } from 'vitest';
import {
  DynamicPoolModule,
  PoolConfigError,
  PoolService,
  type DynamicPoolFactoryOptions,
  type NestPoolOptions,
} from '../../../lib/index.js';
import { failure, startApp } from './support.js';

/** A pool of threads that stays at its size. */
export const thread = (max = 1): NestPoolOptions => ({ size: { max }, scaling: false });
/** A pool without threads. */
export const slots = (max = 1): NestPoolOptions => ({
  kind: 'async',
  size: { max },
  scaling: false,
  tasks: { echo: (x) => x },
});

/** `forRootAsync()` with what its factory gives. */
export function asyncPools(options: DynamicPoolFactoryOptions, isGlobal?: boolean): DynamicModule {
  return DynamicPoolModule.forRootAsync({ pools: Object.keys(options.pools), useFactory: () => options, isGlobal });
}

/** Tells the names of all pools. */
export const names = { provide: 'names', useFactory: (pools: PoolService) => pools.pools(), inject: [PoolService] };
/** Why an application of these modules does not start: a `PoolConfigError`. */
export async function refusalOf(...imports: NonNullable<ModuleMetadata['imports']>): Promise<string> {
  const error = await failure(startApp({ imports }));
  expect(error).toBeInstanceOf(PoolConfigError);
  return error.message;
}
