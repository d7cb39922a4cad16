import { Module } from '@nestjs/common';

/** Holds what runs the pools of an application, once `buildRuntimeModule` has made it. */
@Module({})
export class PoolRuntimeModule {}
