import { Module, type DynamicModule } from '@nestjs/common';
import { PoolConfigError } from '../../core/errors.js';
import { ownModule } from '../../core/own-module.js';
import { isInert } from '../../nest/inert.js';
import { resolveMetricsOptions, type PoolMetricsOptions } from './metrics-options.js';

/**
 * Metrics of the application's pools for Prometheus (O1).
 * @publicApi
 */
@Module({})
export class PoolMetricsModule {
  /**
   * Puts the metrics of all pools into the registry that `PrometheusModule` of @willsoto/nestjs-prometheus serves, with its
   * prefix and default labels, or serves them on a port of their own. They are computed when they are scraped. Import it
   * once, beside `DynamicPoolModule`. Inside a worker it does nothing.
   * @throws PoolConfigError for options that are unknown or out of range. The application does not start, with the same
   * error, where @willsoto/nestjs-prometheus or prom-client is not installed, where there are no pools, where nobody would serve the metrics, where the port is in use, and where the registry
   * has such metrics already.
   * @example
   * imports: [DynamicPoolModule.forRoot({ pools }), PrometheusModule.register(), PoolMetricsModule.register()]
   */
  static register(options?: PoolMetricsOptions): DynamicModule {
    if (isInert()) return { module: PoolMetricsModule };
    const resolved = resolveMetricsOptions(options);
    const parts = ownModule('build-metrics-module', () => import('./build-metrics-module.js'));
    const runtime = parts.then(
      ({ buildMetricsModule }) => buildMetricsModule(resolved),
      (error: unknown) => Promise.reject(notInstalled(error)),
    );
    runtime.catch(() => undefined); // Nest waits for it later, and reports what is wrong
    return { module: PoolMetricsModule, imports: [runtime] };
  }
}

function notInstalled(error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) return error;
  return new PoolConfigError(
    `PoolMetricsModule needs two packages of which one is not installed. Run: npm install @willsoto/nestjs-prometheus prom-client. (${error.message})`,
    { cause: error },
  );
}
