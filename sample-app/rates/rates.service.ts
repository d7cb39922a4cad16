import { Injectable, NotFoundException } from '@nestjs/common';
import { PooledTask } from 'nestjs-dynamic-pool';
import { BlockingRateClient } from './blocking-rate-client.js';

export interface Rate {
  readonly currency: string;
  readonly perEuro: number;
}

@Injectable()
export class RatesService {
  /** No dependency to inject, so that a thread needs no Nest context and boots in two thirds of the time. */
  private readonly client = new BlockingRateClient();

  /** Asks for a rate. Its pool has more threads than there are cores: they sleep rather than compute. */
  @PooledTask('rates')
  async lookUp(currency: string): Promise<Rate> {
    const perEuro = this.client.fetch(currency);
    if (perEuro === undefined) throw new NotFoundException(`There is no rate for ${currency}.`);
    return { currency, perEuro };
  }
}
