import { Module } from '@nestjs/common';
import { PoolAdminModule } from 'nestjs-dynamic-pool/admin';
import { PoolMetricsModule } from 'nestjs-dynamic-pool/prometheus';
import { roleOf, TokenGuard } from './token.guard.js';

/** For who is on call: the pools' figures on /metrics; their state, their reasons and their controls on /pools. */
@Module({
  imports: [
    PoolMetricsModule.register({ taskLabel: true }),
    PoolAdminModule.forRoot({ guards: [TokenGuard], role: roleOf }),
  ],
})
export class OperationsModule {}
