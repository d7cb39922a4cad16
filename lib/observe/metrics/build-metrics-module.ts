import { Module, type DynamicModule } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { PoolService } from '../../nest/pool.service.js';
import type { ResolvedMetricsOptions } from './metrics-options.js';
import { PoolMetrics } from './pool-metrics.js';

/** Holds the provider of `PoolMetricsModule.register()`. */
@Module({})
class PoolMetricsRuntimeModule {}

/** In a file of its own, loaded when an application asks for it: workers import the module too, and need no prom-client. */
export function buildMetricsModule(options: ResolvedMetricsOptions): DynamicModule {
  const metrics = {
    provide: PoolMetrics,
    useFactory: (moduleRef: ModuleRef, pools?: PoolService) => new PoolMetrics(options, moduleRef, pools),
    inject: [ModuleRef, { token: PoolService, optional: true }],
  };
  return { module: PoolMetricsRuntimeModule, providers: [metrics] };
}
