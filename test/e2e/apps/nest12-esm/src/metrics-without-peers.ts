import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { DynamicPoolModule } from 'nestjs-dynamic-pool';
import { PoolMetricsModule } from 'nestjs-dynamic-pool/prometheus';
import { Limits, PrimeService } from './prime.service.js';

@Module({
  imports: [
    ScheduleModule.forRoot(),
    DynamicPoolModule.forRoot({ pools: { primes: { size: { max: 2 } } } }),
    PoolMetricsModule.register({ port: 0 }),
  ],
  providers: [PrimeService, Limits],
})
class MetricsModule {}

const started = NestFactory.createApplicationContext(MetricsModule, { logger: false, abortOnError: false });
const refusal = await started.then(
  () => 'none',
  (error: unknown) => String(error),
);
process.send?.({ refusal });
