import { Injectable } from '@nestjs/common';
import { PooledTask } from 'nestjs-dynamic-pool';

@Injectable()
export class PlainService {
  @PooledTask('plain')
  async work(): Promise<void> {}
}
