import { Module } from '@nestjs/common';
import { BlockingRateClient } from './blocking-rate-client.js';
import { RatesController } from './rates.controller.js';
import { RatesService } from './rates.service.js';

@Module({ controllers: [RatesController], providers: [RatesService, BlockingRateClient] })
export class RatesModule {}
