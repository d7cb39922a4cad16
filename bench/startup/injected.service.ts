import { Injectable } from '@nestjs/common';
import { PooledTask } from 'nestjs-dynamic-pool';

@Injectable()
export class Settings {
  readonly factor = 2;
}

@Injectable()
export class InjectedService {
  constructor(readonly settings: Settings) {}

  @PooledTask('injected')
  async work(): Promise<number> {
    return this.settings.factor;
  }
}
