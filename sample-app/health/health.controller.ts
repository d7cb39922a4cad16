import { Controller, Get, Optional, ServiceUnavailableException } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { PoolService } from 'nestjs-dynamic-pool';
import { Readiness } from './readiness.js';

@ApiTags('health')
@Controller()
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    // Absent when the application runs unpooled.
    @Optional() private readonly pools?: PoolService,
  ) {}

  @Get('health')
  @ApiOperation({ summary: 'Whether the service takes new work' })
  @ApiOkResponse({ description: 'Ready' })
  @ApiServiceUnavailableResponse({ description: 'Shutting down' })
  health() {
    const pools = Object.fromEntries(this.snapshots().map(({ name, state }) => [name, state]));
    if (!this.readiness.ready) throw new ServiceUnavailableException({ status: 'shutting down', pools });
    return { status: 'ready', pools };
  }

  @Get('pools')
  @ApiOperation({ summary: 'What every pool is doing' })
  @ApiOkResponse({ description: 'Size, queue, counters and times (milliseconds) of each pool' })
  list() {
    return this.snapshots().map(({ name, state, size, busy, queueDepth, counters, wait, service }) => {
      return { name, state, size, busy, queueDepth, counters, wait, service };
    });
  }

  private snapshots() {
    return this.pools?.pools().map((name) => this.pools!.snapshot(name)) ?? [];
  }
}
