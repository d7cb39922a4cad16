import { threadId } from 'node:worker_threads';
import { BadRequestException, Injectable } from '@nestjs/common';
import { PooledTask } from 'nestjs-dynamic-pool';

@Injectable()
export class Limits {
  readonly largest = 10_000_000;
}

@Injectable()
export class PrimeService {
  constructor(private readonly limits: Limits) {}

  @PooledTask('primes')
  async count(below: number): Promise<{ primes: number; threadId: number }> {
    if (below > this.limits.largest)
      throw new BadRequestException({ message: 'too large', largest: this.limits.largest });
    let primes = 0;
    for (let n = 2; n < below; n++) if (isPrime(n)) primes++;
    return { primes, threadId };
  }
}

function isPrime(n: number): boolean {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return true;
}
