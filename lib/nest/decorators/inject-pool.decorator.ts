import { Inject } from '@nestjs/common';
import { getPoolToken } from '../tokens.js';

/**
 * Injects a pool by its name.
 * @example constructor(@InjectPool('images') private readonly images: Pool) {}
 * @publicApi
 */
export function InjectPool(name: string): PropertyDecorator & ParameterDecorator {
  return Inject(getPoolToken(name));
}
