import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { DynamicPoolModule } from 'nestjs-dynamic-pool';
import { HealthModule } from './health/health.module.js';
import { ImagesModule } from './images/images.module.js';
import { RatesModule } from './rates/rates.module.js';
import { ReportsModule } from './reports/reports.module.js';

const pools = DynamicPoolModule.forRoot({
  pools: {
    // Two threads from the start; one that idles for half a minute leaves, and returns with the load.
    images: { size: { min: 1, max: 2, initial: 2 }, queue: { capacity: 64 } },
    // One at a time: there is nothing to size.
    reports: { size: { max: 1 }, queue: { capacity: 64 }, scaling: false },
    // Sizes itself so that 99 of 100 calls wait for less than 100 ms.
    rates: { size: { max: 8 }, scaling: { policy: 'balanced', objectiveMs: 100 } },
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
    RatesModule,
    HealthModule,
  ],
})
export class AppModule {}
