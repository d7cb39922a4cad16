/** Metrics of pools for Prometheus: `nestjs-dynamic-pool/prometheus`. */
export { METRIC_NAMES, type MetricName } from '../observe/metrics/metric-names.js';
