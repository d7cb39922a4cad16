const PREFIX = 'DYNAMIC_POOL:';

/**
 * The injection token of a pool.
 * @example { provide: Thumbnails, useFactory: (pool: Pool) => new Thumbnails(pool), inject: [getPoolToken('images')] }
 */
export function getPoolToken(name: string): string {
  return PREFIX + name;
}
