import 'reflect-metadata';
import { threadId } from 'node:worker_threads';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  DynamicPoolModule,
  InjectPool,
  PoolService,
  remote,
  type DynamicPoolFactoryOptions,
  type Pool,
} from 'nestjs-dynamic-pool';
import { Limits, PrimeService } from './prime.service.js';
import { SumService } from './sum.service.js';

@Injectable()
class Settings {
  readonly max = 2;
}

@Module({ providers: [Settings], exports: [Settings] })
class SettingsModule {}

/** What SumService is given is provided nowhere here: its workers have it. */
@Module({
  imports: [DynamicPoolModule.forFeature({ sums: { size: { max: 1 } } })],
  providers: [remote(SumService)],
  exports: [SumService],
})
class SumsModule {
  constructor(@InjectPool('sums') readonly pool: Pool) {}
}

@Module({
  imports: [
    SumsModule,
    DynamicPoolModule.forRootAsync({
      pools: ['primes'],
      imports: [SettingsModule],
      inject: [Settings],
      useFactory: async (settings: Settings): Promise<DynamicPoolFactoryOptions> => ({
        defaults: { scaling: false },
        pools: { primes: { size: { max: settings.max } } },
      }),
    }),
  ],
  providers: [PrimeService, Limits],
})
class RegistrationModule {}

async function run(): Promise<void> {
  const app = await NestFactory.createApplicationContext(RegistrationModule, { logger: ['error'] });
  const pools = app.get(PoolService);
  const sums = app.get(SumService);
  const { sum, threadId: worker } = await sums.sum([1, 2]);
  const { primes } = await app.get(PrimeService).count(1000);
  let refusal = '';
  try {
    sums.here();
  } catch (error) {
    refusal = String(error);
  }
  const told = { sum, primes, isElsewhere: worker !== threadId, max: pools.snapshot('primes').max, refusal };
  const injected = app.get(SumsModule).pool.name;
  await app.close();
  process.send?.({ ...told, injected });
}

void run();
