import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { DynamicPoolModule } from 'nestjs-dynamic-pool';
import { HealthModule } from './health/health.module.js';
import { ImagesModule } from './images/images.module.js';
import { ReportsModule } from './reports/reports.module.js';

const pools = DynamicPoolModule.forRoot({
  pools: {
    // Two threads from the start; one that idles for half a minute leaves, and returns with the load.
    images: { size: { min: 1, max: 2, initial: 2 }, queue: { capacity: 64 } },
    reports: { size: { max: 1 }, queue: { capacity: 64 } },
  },
});

@Module({
  imports: [
    // Without the module the very same methods run in place, on the main thread: the demo compares the two.
    ...(process.env['POOLED'] === 'false' ? [] : [pools]),
    ScheduleModule.forRoot(),
    PrometheusModule.register(),
    ImagesModule,
    ReportsModule,
    HealthModule,
  ],
})
export class AppModule {}
