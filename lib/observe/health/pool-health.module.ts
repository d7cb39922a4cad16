import { Module, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { HealthIndicatorService } from '@nestjs/terminus';
import { PoolConfigError } from '../../core/errors.js';
import { isInert } from '../../nest/inert.js';
import { PoolService } from '../../nest/pool.service.js';
import { PoolHealthIndicator } from './pool-health.indicator.js';

/**
 * Provides `PoolHealthIndicator`; import it beside `TerminusModule`, where the health controller is. The pools may stand
 * in any module. Inside a worker it provides the indicator, and using that is an error, as it is with `PoolService`.
 * @throws PoolConfigError on module init, where the application has no pools.
 * @publicApi
 */
@Module({
  providers: [
    // Of its own, which has no state that matters: TerminusModule may have options, and importing it here would make another.
    HealthIndicatorService,
    {
      provide: PoolHealthIndicator,
      useFactory: (modules: ModuleRef, terminus: HealthIndicatorService) =>
        new PoolHealthIndicator(() => poolsOf(modules), terminus),
      inject: [ModuleRef, HealthIndicatorService],
    },
    {
      provide: 'DYNAMIC_POOL_HEALTH_CHECKED',
      useFactory: (modules: ModuleRef) => new PoolsAreThere(modules),
      inject: [ModuleRef],
    },
  ],
  exports: [PoolHealthIndicator],
})
export class PoolHealthModule {}

/** Refuses to start without pools, rather than at the first probe. */
class PoolsAreThere implements OnModuleInit {
  constructor(readonly modules: ModuleRef) {}

  onModuleInit(): void {
    if (!isInert()) poolsOf(this.modules);
  }
}

function poolsOf(modules: ModuleRef): PoolService {
  try {
    return modules.get(PoolService, { strict: false });
  } catch (cause) {
    throw new PoolConfigError(
      'PoolHealthModule found no pools in this application. Import DynamicPoolModule.forRoot({ pools: { ... } }) in the root module, or leave PoolHealthModule out.',
      { cause },
    );
  }
}
