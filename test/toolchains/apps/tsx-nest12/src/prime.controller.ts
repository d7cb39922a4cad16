import { Controller, Get, Inject, ParseIntPipe, Query } from '@nestjs/common';
import { PrimeService } from './prime.service.js';

/** tsx emits no metadata, so on the main thread the controller has to say what it is given. Workers have metadata. */
@Controller('primes')
export class PrimeController {
  constructor(@Inject(PrimeService) private readonly primes: PrimeService) {}

  @Get()
  count(@Query('below', ParseIntPipe) below: number): Promise<{ primes: number; threadId: number }> {
    return this.primes.count(below);
  }
}
