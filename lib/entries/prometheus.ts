/** Metrics of pools for Prometheus: `nestjs-dynamic-pool/prometheus`. */
export { METRICS, METRIC_NAMES, type MetricName, type MetricSpec } from '../observe/metrics/metric-names.js';
export type { AnyRegistry, PoolMetricsOptions } from '../observe/metrics/metrics-options.js';
export { PoolMetricsModule } from '../observe/metrics/pool-metrics.module.js';
