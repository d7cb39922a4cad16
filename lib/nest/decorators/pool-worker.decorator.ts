import { PoolConfigError } from '../../core/errors.js';
import { rejectUnknownKeys, requireObject, refusal } from '../../core/validate.js';
import { callingFile } from '../calling-file.js';
import type { PoolWorkerOptions } from '../interfaces/pool-worker-options.js';
import { declarePoolWorker } from '../pool-worker-metadata.js';
import type { AnyClass } from '../pooled-methods.js';

const KEYS = ['imports', 'providers'] as const satisfies readonly (keyof PoolWorkerOptions)[];

/**
 * What each worker needs to build a class with pooled methods: the imports and providers of a module made for it.
 * Without it, the concrete injectable classes that its constructor asks for are provided, and theirs in turn.
 * @example
 * @Injectable()
 * @PoolWorker({ imports: [ConfigModule.forRoot(), CodecModule] })
 * export class ThumbnailService { ... }
 * @publicApi
 */
export function PoolWorker(options: PoolWorkerOptions): ClassDecorator {
  requireObject({ option: '@PoolWorker()' }, options);
  rejectUnknownKeys('@PoolWorker()', options, KEYS);
  for (const key of KEYS) {
    const value: unknown = options[key];
    if (value !== undefined && !Array.isArray(value))
      throw refusal({ option: `@PoolWorker({ ${key} })` }, value, 'an array');
  }
  return (target) => {
    if (typeof target !== 'function') throw new PoolConfigError('@PoolWorker decorates a class.');
    declarePoolWorker(target as AnyClass, options, callingFile());
  };
}
