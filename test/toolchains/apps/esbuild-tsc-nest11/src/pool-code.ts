import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { NestPoolOptions } from 'nestjs-dynamic-pool';

export const poolCode: Pick<NestPoolOptions, 'entry'> = {
  entry: pathToFileURL(path.join(__dirname, 'pool.worker.js')),
};
