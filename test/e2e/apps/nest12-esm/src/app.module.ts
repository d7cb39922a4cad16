import { threadId } from 'node:worker_threads';
import { Controller, Get, Module, ParseIntPipe, Query } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { TerminusModule } from '@nestjs/terminus';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { DynamicPoolModule } from 'nestjs-dynamic-pool';
import { PoolAdminModule } from 'nestjs-dynamic-pool/admin';
import { PoolMetricsModule } from 'nestjs-dynamic-pool/prometheus';
import { PoolHealthModule } from 'nestjs-dynamic-pool/terminus';
import { HealthController } from './health.controller.js';
import { PoolTokenGuard, roleOf } from './pool-token.guard.js';
import { Limits, PrimeService } from './prime.service.js';

@Controller('primes')
class PrimeController {
  constructor(private readonly primes: PrimeService) {}

  @Get()
  async count(@Query('below', ParseIntPipe) below: number) {
    return { ...(await this.primes.count(below)), mainThreadId: threadId };
  }
}

@Module({
  imports: [
    ScheduleModule.forRoot(),
    DynamicPoolModule.forRoot({ configFile: 'config/pools.yaml', pools: { primes: { size: { max: 2 } } } }),
    PrometheusModule.register(),
    PoolMetricsModule.register(),
    TerminusModule,
    PoolHealthModule,
    PoolAdminModule.forRoot({ guards: [PoolTokenGuard], role: roleOf }),
  ],
  controllers: [PrimeController, HealthController],
  providers: [PrimeService, Limits],
})
export class AppModule {}
