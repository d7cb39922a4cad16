import type { NestPoolOptions } from 'nestjs-dynamic-pool';

export const poolCode: Pick<NestPoolOptions, 'entry'> = {
  entry: new URL('./pool.worker.js', import.meta.url),
};
