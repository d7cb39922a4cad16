/** Health of pools for Terminus: `nestjs-dynamic-pool/terminus`. */
export type { HealthStatus, PoolHealth } from '../core/health/pool-health.js';
