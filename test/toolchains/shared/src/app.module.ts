import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { DynamicPoolModule } from 'nestjs-dynamic-pool';
import { OutOfPaper } from './errors.js';
import { poolCode } from './pool-code.js';
import { PrimeController } from './prime.controller.js';
import { ServicesModule } from './services.module.js';

@Module({
  imports: [
    ScheduleModule.forRoot(),
    DynamicPoolModule.forRoot({
      pools: { work: { size: { min: 1, max: 2 }, ...poolCode } },
      errors: [OutOfPaper],
    }),
    ServicesModule,
  ],
  controllers: [PrimeController],
})
export class AppModule {}
