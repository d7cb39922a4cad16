import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { HealthIndicatorService } from '@nestjs/terminus';
import { PoolConfigError } from '../../core/errors.js';
import { PoolService } from '../../nest/pool.service.js';
import { PoolHealthIndicator } from './pool-health.indicator.js';

/**
 * Provides `PoolHealthIndicator`; import it beside `TerminusModule`, where the health controller is. The pools may stand
 * in any module. Inside a worker it provides the indicator, and using that is an error, since `PoolService` is inert there.
 * @throws PoolConfigError on module init, where the application has no pools.
 * @publicApi
 */
@Module({
  providers: [
    // One of its own: importing TerminusModule here would make another beside the application's, which may have options.
    HealthIndicatorService,
    {
      provide: PoolHealthIndicator,
      useFactory: (modules: ModuleRef, terminus: HealthIndicatorService) =>
        new PoolHealthIndicator(() => poolsOf(modules), terminus),
      inject: [ModuleRef, HealthIndicatorService],
    },
  ],
  exports: [PoolHealthIndicator],
})
export class PoolHealthModule implements OnModuleInit {
  readonly #modules: ModuleRef;

  constructor(@Inject(ModuleRef) modules: ModuleRef) {
    this.#modules = modules;
  }

  /** Refuses to start without pools, rather than at the first probe. */
  onModuleInit(): void {
    poolsOf(this.#modules);
  }
}

function poolsOf(modules: ModuleRef): PoolService {
  try {
    return modules.get(PoolService, { strict: false });
  } catch (cause) {
    throw new PoolConfigError(
      'PoolHealthModule found no pools in this application. Import DynamicPoolModule.forRoot({ pools: { ... } }) or forRootAsync() in the root module, or leave PoolHealthModule out.',
      { cause },
    );
  }
}
