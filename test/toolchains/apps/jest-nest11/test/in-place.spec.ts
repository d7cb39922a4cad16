import { threadId } from 'node:worker_threads';
import { BadRequestException } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Limits } from '../src/limits';
import { PrimeService } from '../src/prime.service';

/** No pool module is imported: decorated methods run where they are called. */
test('in place', async () => {
  const module = await Test.createTestingModule({ providers: [PrimeService, Limits] }).compile();
  const primes = module.get(PrimeService);
  await expect(primes.count(1000)).resolves.toEqual({ primes: 168, threadId });
  await expect(primes.count(10_000_001)).rejects.toThrow(BadRequestException);
});
