import { threadId } from 'node:worker_threads';
import { Injectable } from '@nestjs/common';
import { PooledTask } from 'nestjs-dynamic-pool';

@Injectable()
export class Start {
  readonly value = 100;
}

@Injectable()
export class SumService {
  constructor(private readonly start: Start) {}

  @PooledTask('sums')
  async sum(numbers: number[]): Promise<{ sum: number; threadId: number }> {
    return { sum: numbers.reduce((sum, n) => sum + n, this.start.value), threadId };
  }

  here(): number {
    return this.start.value;
  }
}
