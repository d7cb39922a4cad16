import { Controller, Get, Optional } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { HealthCheck, HealthCheckService, type HealthCheckResult } from '@nestjs/terminus';
import { PoolHealthIndicator } from 'nestjs-dynamic-pool/terminus';

/** What an orchestrator asks: shall requests come here, and shall this process be restarted? */
@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    // Absent when the application runs unpooled.
    @Optional() private readonly pools?: PoolHealthIndicator,
  ) {}

  /** 503 while the pools start, from the first moment of a shutdown on, and where a pool or an autoscaler is dead. */
  @Get()
  @HealthCheck()
  ready(): Promise<HealthCheckResult> {
    const { pools } = this;
    return this.health.check(pools ? [() => pools.isReady(), () => pools.pools(), () => pools.autoscalers()] : []);
  }

  @Get('live')
  @HealthCheck()
  live(): Promise<HealthCheckResult> {
    const { pools } = this;
    return this.health.check(pools ? [() => pools.isAlive()] : []);
  }
}
