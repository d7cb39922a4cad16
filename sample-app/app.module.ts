import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { HealthModule } from './health/health.module.js';
import { ImagesModule } from './images/images.module.js';
import { OperationsModule } from './operations/operations.module.js';
import { isPooled, pools } from './pools.js';
import { RatesModule } from './rates/rates.module.js';
import { ReportsModule } from './reports/reports.module.js';

@Module({
  imports: [
    ...(isPooled ? [pools, OperationsModule] : []),
    ScheduleModule.forRoot(),
    PrometheusModule.register(),
    ImagesModule,
    ReportsModule,
    RatesModule,
    HealthModule,
  ],
})
export class AppModule {}
