/** The options of `PoolAdminModule.forRoot()`, checked. */
export const ADMIN_OPTIONS = Symbol('dynamic-pool admin options');

/** The application's PoolService, which is there for certain. */
export const ADMIN_POOLS = Symbol('dynamic-pool admin pools');
