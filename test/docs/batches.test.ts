import { NestFactory } from '@nestjs/core';
import { PoolService } from 'nestjs-dynamic-pool';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Quotes, QuotesModule } from '../fixtures/docs/batches.js';

async function* weights(count: number): AsyncGenerator<number> {
  for (let weight = 1; weight <= count; weight++) yield weight;
}

describe('docs/streams-and-batches.md (P11, P13)', () => {
  let app: Awaited<ReturnType<typeof NestFactory.createApplicationContext>>;
  beforeAll(async () => {
    app = await NestFactory.createApplicationContext(QuotesModule, { logger: false });
  });
  afterAll(() => app.close());

  it('maps over what a decorated method does, to the end and not farther than it has to', async () => {
    const quotes = app.get(Quotes);
    expect(await quotes.total(weights(100))).toBe(500 + 2 * 5050);
    const before = app.get(PoolService).snapshot('pricing').counters.submitted;
    expect(await quotes.total(weights(1_000_000))).toBeGreaterThan(1_000_000);
    expect(app.get(PoolService).snapshot('pricing').counters.submitted - before).toBeLessThan(2_000);
  });

  it('has a group stand and fall together', async () => {
    const quotes = app.get(Quotes);
    expect(await quotes.cheapest([4, 3, 9])).toBe(11);
    await expect(quotes.cheapest([4, 0, 9])).rejects.toThrow(new RangeError('nothing weighs 0'));
  });
});
