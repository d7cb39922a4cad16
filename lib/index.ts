/** The NestJS module: `nestjs-dynamic-pool`. The framework-free core comes along. */
export * from './entries/core.js';
export type { HealthCheckName, HealthOptions } from './core/health/health-options.js';
export type { HealthNotice, HealthStatus, HealthVerdict, PoolHealth } from './core/health/pool-health.js';
export { DynamicPoolModule } from './dynamic-pool.module.js';
export { InjectPool } from './nest/decorators/inject-pool.decorator.js';
export { OnPoolEvent } from './nest/decorators/on-pool-event.decorator.js';
export { PooledTask, type PooledTaskDecorator } from './nest/decorators/pooled-task.decorator.js';
export { PoolWorker } from './nest/decorators/pool-worker.decorator.js';
export type {
  DynamicPoolFactoryOptions,
  DynamicPoolModuleAsyncOptions,
  DynamicPoolOptionsFactory,
} from './nest/interfaces/async-options.js';
export type { DynamicPoolModuleOptions, NestPoolOptions, WorkerModuleFile } from './nest/interfaces/module-options.js';
export type { PoolEvent } from './nest/interfaces/pool-event.js';
export type { PooledTaskOptions, PooledTransfer } from './nest/interfaces/pooled-task-options.js';
export type { PoolWorkerOptions } from './nest/interfaces/pool-worker-options.js';
export { PoolExceptionFilter } from './nest/pool-exception.filter.js';
export { PoolService, type PinOptions } from './nest/pool.service.js';
export { remote, type RemoteOptions } from './nest/remote.js';
export { getPoolToken, POOL_CONTEXT } from './nest/tokens.js';
export { withProgress } from './nest/with-progress.js';
