import 'reflect-metadata';
import { threadId } from 'node:worker_threads';
import { Controller, Get, Module, ParseIntPipe, Query } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { DynamicPoolModule } from 'nestjs-dynamic-pool';
import { Limits, PrimeService } from './prime.service.js';

@Controller('primes')
class PrimeController {
  constructor(private readonly primes: PrimeService) {}

  @Get()
  async count(@Query('below', ParseIntPipe) below: number) {
    return { ...(await this.primes.count(below)), mainThreadId: threadId };
  }
}

@Module({
  imports: [ScheduleModule.forRoot(), DynamicPoolModule.forRoot({ pools: { primes: { size: { max: 2 } } } })],
  controllers: [PrimeController],
  providers: [PrimeService, Limits],
})
class AppModule {}

async function bootstrap(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
  app.enableShutdownHooks();
  await app.listen(0, '127.0.0.1');
  process.send?.({ url: await app.getUrl() });
}

void bootstrap();
