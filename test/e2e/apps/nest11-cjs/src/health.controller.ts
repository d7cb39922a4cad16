import { Controller, Get } from '@nestjs/common';
import { HealthCheck, HealthCheckService } from '@nestjs/terminus';
import { PoolHealthIndicator } from 'nestjs-dynamic-pool/terminus';

@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly pools: PoolHealthIndicator,
  ) {}

  @Get('ready')
  @HealthCheck()
  ready() {
    return this.health.check([() => this.pools.isReady()]);
  }

  @Get('live')
  @HealthCheck()
  live() {
    return this.health.check([() => this.pools.isAlive()]);
  }

  @Get('pools')
  @HealthCheck()
  all() {
    return this.health.check([() => this.pools.pools(), () => this.pools.autoscalers()]);
  }
}
