import { Injectable } from '@nestjs/common';
import { PooledTask } from 'nestjs-dynamic-pool';

@Injectable()
export class NoopService {
  @PooledTask('bench')
  async noop(n: number): Promise<number> {
    return n;
  }
}
