import { Module } from '@nestjs/common';

/** Holds the providers of `DynamicPoolModule.forRoot()`, once `buildRuntimeModule` has made them. */
@Module({})
export class PoolRuntimeModule {}
