/** What a metric is; docs/metrics.md, the alert rules and the dashboard are checked against these. */
export interface MetricSpec {
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly help: string;
  /** Its labels, always. */
  readonly labels: readonly ('pool' | 'direction' | 'reason' | 'outcome' | 'worker')[];
  /** Whether `taskLabel: true` adds the label `task`. */
  readonly byTask: boolean;
  /** How the values of several processes go together, for prom-client's `AggregatorRegistry`. */
  readonly aggregator: 'sum' | 'min' | 'max' | 'average';
}

/** All metrics (O1) by their names, before the application's prefix. Units are in the names; counters end in `_total`. */
export const METRICS = {
  pool_size: gauge('Workers that exist: those starting and those live'),
  pool_busy: gauge('Workers that run a task'),
  pool_queue_depth: gauge('Tasks that wait'),
  pool_target: gauge('Size that is wanted, by the autoscaler or by a person'),
  pool_max: gauge('Most workers that the pool may have'),
  pool_utilization_ratio: gauge('Busy workers over the most that the pool may have, 0 to 1', 'average'),
  pool_wait_seconds: histogram('Time from accepted to started, of each task that has started'),
  pool_process_seconds: histogram('Time from started to ended, of each task that has ended after it had started'),
  pool_submitted_total: counterByTask('Tasks that were accepted'),
  pool_completed_total: counterByTask('Tasks that ended well'),
  pool_dropped_total: counterByTask('Tasks that were dropped from a full queue to make room (drop-oldest)'),
  pool_refused_total: counter('Calls that a full queue turned away; they were never submitted'),
  pool_errors_total: counterByTask('Tasks that failed: threw, timed out, could not be cloned, or lost their worker'),
  pool_cancelled_total: counterByTask('Tasks that were cancelled, or cut short by a close or an eager shrink'),
  pool_resizes_total: counter('Changes of the target by direction: up or down', 'direction'),
  pool_decisions_total: counter(
    'Decisions of the autoscaler by outcome: applied, held or unchanged; one that repeats itself counts once',
    'outcome',
  ),
  pool_worker_exits_total: counter(
    'Workers that left by reason: shrunk, idle, recycled, aborted, crashed or closed',
    'reason',
  ),
  pool_worker_crashes_total: counter('Workers that exited without being asked to'),
  pool_retried_total: counter('Retries of idempotent tasks whose worker exited'),
  pool_quarantined: gauge('Tasks that no worker runs any more, since they made too many exit'),
  pool_autoscaler_faults_total: counter('Ticks of the autoscaler that failed'),
  pool_autoscaler_up: gauge(
    '1 while the autoscaler works, or tries again after a fault; 0 once it is frozen or stopped',
    'min',
  ),
  pool_oldest_wait_seconds: gauge('How long the task at the head of the queue has waited', 'max'),
  pool_objective_seconds: gauge('99 of 100 tasks shall wait for less than this', 'max'),
  pool_worker_event_loop_delay_seconds: {
    ...gauge('Longest time by which the event loop of a worker was late in the last second', 'max'),
    labels: ['pool', 'worker'],
  },
} as const satisfies Record<string, MetricSpec>;

export type MetricName = keyof typeof METRICS;

/** The names of all metrics, in the order of the table. */
export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

function gauge(help: string, aggregator: MetricSpec['aggregator'] = 'sum'): MetricSpec {
  return { type: 'gauge', help, labels: ['pool'], byTask: false, aggregator };
}

function counter(help: string, label?: 'direction' | 'reason' | 'outcome'): MetricSpec {
  return { type: 'counter', help, labels: label ? ['pool', label] : ['pool'], byTask: false, aggregator: 'sum' };
}

function counterByTask(help: string): MetricSpec {
  return { ...counter(help), byTask: true };
}

function histogram(help: string): MetricSpec {
  return { type: 'histogram', help, labels: ['pool'], byTask: true, aggregator: 'sum' };
}
