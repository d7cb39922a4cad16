import { Module } from '@nestjs/common';
import { LetterService } from './letter.service.js';
import { Limits } from './limits.js';
import { PrimeService } from './prime.service.js';

/** What a worker needs; the application imports it as well. */
@Module({
  providers: [LetterService, PrimeService, Limits],
  exports: [LetterService, PrimeService],
})
export class ServicesModule {}
