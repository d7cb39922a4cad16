/** Health of pools for Terminus: `nestjs-dynamic-pool/terminus`. */
export type { HealthCheckName, HealthOptions } from '../core/health/health-options.js';
export type { HealthNotice, HealthStatus, HealthVerdict, PoolHealth } from '../core/health/pool-health.js';
export { PoolHealthIndicator } from '../observe/health/pool-health.indicator.js';
export { PoolHealthModule } from '../observe/health/pool-health.module.js';
