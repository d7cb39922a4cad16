const PREFIX = 'DYNAMIC_POOL:';

/**
 * The injection token of a pool.
 * @example { provide: Thumbnails, useFactory: (pool: Pool) => new Thumbnails(pool), inject: [getPoolToken('images')] }
 */
export function getPoolToken(name: string): string {
  return PREFIX + name;
}

/**
 * Under this token an application provides what goes with calls into workers besides their arguments: a `ContextCarrier`,
 * or several in an array, in any of its modules. Each is an instance of a class that its file exports; workers build their own.
 * @publicApi
 * @example { provide: POOL_CONTEXT, useClass: TenantCarrier }
 */
export const POOL_CONTEXT = Symbol.for('nestjs-dynamic-pool:POOL_CONTEXT');

/** The application's `PoolRuntime`. A token of its own, since the class is loaded only where pools are opened. */
export const POOL_RUNTIME = Symbol('DYNAMIC_POOL_RUNTIME');
/** The options of the application's pools, those of `forFeature()` not among them. */
export const POOL_OPTIONS = Symbol('DYNAMIC_POOL_OPTIONS');
/** Which call opened the application's pools: `forRoot()` or `forRootAsync()`. */
export const POOL_ROOT = Symbol('DYNAMIC_POOL_ROOT');
/** Which of all calls it is: with its deep hash Nest would take two that look alike for one, and drop the options of the second. */
export const POOL_CALL = Symbol('DYNAMIC_POOL_CALL');
/** Looks at the scope of what the options are made from. */
export const POOL_SCOPE = Symbol('DYNAMIC_POOL_SCOPE');
/** What a `forFeature()` adds; each has its own, found by looking through the modules. */
export const POOL_FEATURE = Symbol('DYNAMIC_POOL_FEATURE');
/** The application's pools as a `forFeature()` sees them. */
export const FEATURE_DIRECTORY = Symbol('DYNAMIC_POOL_FEATURE_DIRECTORY');
