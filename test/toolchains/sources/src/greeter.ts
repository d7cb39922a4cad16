import { threadId } from 'node:worker_threads';
import { Inject, Injectable } from '@nestjs/common';
import { PooledTask } from 'nestjs-dynamic-pool';
import { Limits } from './limits.js';

export interface Greeting {
  readonly text: string;
  readonly largest: number;
  readonly threadId: number;
}

/** Built by a module in the worker, and by hand on the main thread. */
@Injectable()
export class Greeter {
  constructor(
    @Inject('SALUTATION') private readonly salutation: string,
    private readonly limits: Limits,
  ) {}

  @PooledTask('more')
  async greet(name: string): Promise<Greeting> {
    return { text: `${this.salutation} ${name}`, largest: this.limits.largest, threadId };
  }
}
