import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { DynamicPoolModule } from 'nestjs-dynamic-pool';
import { Limits, PrimeService } from './prime.service.js';

/** The root entry alone: no metrics, health, HTTP or configuration file, so none of what these need. */
@Module({
  imports: [ScheduleModule.forRoot(), DynamicPoolModule.forRoot({ pools: { primes: { size: { max: 2 } } } })],
  providers: [PrimeService, Limits],
})
class PlainModule {}

const app = await NestFactory.createApplicationContext(PlainModule, { logger: ['error'] });
const { primes } = await app.get(PrimeService).count(1000);
await app.close();
process.send?.({ primes });
