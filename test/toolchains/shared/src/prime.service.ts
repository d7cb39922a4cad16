import { threadId } from 'node:worker_threads';
import { BadRequestException, Injectable } from '@nestjs/common';
import { PooledTask } from 'nestjs-dynamic-pool';
import { Limits } from './limits.js';

@Injectable()
export class PrimeService {
  constructor(private readonly limits: Limits) {}

  @PooledTask('work')
  async count(below: number): Promise<{ primes: number; threadId: number }> {
    const { largest } = this.limits;
    if (below > largest) throw new BadRequestException({ message: 'too large', largest });
    let primes = 0;
    for (let n = 2; n < below; n++) if (isPrime(n)) primes++;
    return { primes, threadId };
  }
}

function isPrime(n: number): boolean {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return true;
}
