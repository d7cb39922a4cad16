import { Controller, Get, NotFoundException, Optional, Param, ServiceUnavailableException } from '@nestjs/common';
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
    return this.snapshots().map(({ name, state, target, size, busy, queueDepth, counters, wait, service }) => {
      return { name, state, target, size, busy, queueDepth, counters, wait, service };
    });
  }

  @Get('pools/:name/decisions')
  @ApiOperation({ summary: 'Why a pool has the size that it has: the latest decisions of its autoscaler' })
  @ApiOkResponse({ description: 'Newest first' })
  decisions(@Param('name') name: string) {
    if (!this.pools?.has(name)) throw new NotFoundException(`There is no pool ${name}.`);
    return this.pools.decisions(name, { limit: 20 });
  }

  private snapshots() {
    return this.pools?.pools().map((name) => this.pools!.snapshot(name)) ?? [];
  }
}
