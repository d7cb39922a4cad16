/** Names of all metrics (O1), before the application's prefix; the alert rules and the dashboard are checked against them. */
export const METRIC_NAMES = [
  'pool_size',
  'pool_busy',
  'pool_queue_depth',
  'pool_target',
  'pool_max',
  'pool_utilization_ratio',
  'pool_wait_seconds',
  'pool_process_seconds',
  'pool_submitted_total',
  'pool_completed_total',
  'pool_dropped_total',
  'pool_refused_total',
  'pool_errors_total',
  'pool_cancelled_total',
  'pool_resizes_total',
  'pool_decisions_total',
  'pool_worker_exits_total',
  'pool_worker_crashes_total',
  'pool_autoscaler_faults_total',
  'pool_oldest_wait_seconds',
  'pool_objective_seconds',
  'pool_worker_event_loop_delay_seconds',
] as const;

export type MetricName = (typeof METRIC_NAMES)[number];
