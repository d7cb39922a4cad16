import type { NestPoolOptions } from 'nestjs-dynamic-pool';

/** Where the pool's threads find the code: nothing to say, unless the application is bundled. */
export const poolCode: Pick<NestPoolOptions, 'entry' | 'workerModule'> = {};
