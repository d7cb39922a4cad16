/** The HTTP API, live events and the page for who is on call: `nestjs-dynamic-pool/admin`. */
export { PoolAdminModule } from '../admin/admin.module.js';
export type { AdminRateLimit, PoolAdminOptions } from '../admin/admin-options.js';
export { ROLE_HEADER } from '../core/contract/operation.js';
export type * from '../core/contract/operation.js';
