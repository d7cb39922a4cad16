import type { HistogramReading } from '../../core/contract/histograms.js';
import type { AutoscalerHealth } from '../../core/scaling/control-loop.js';
import type { MetricName } from './metric-names.js';
import type { Labels, PoolReadings, TaskCounts } from './pool-readings.js';

/** One line of a scrape, as prom-client takes it. */
export interface Sample {
  /** The same object in every scrape, of which prom-client keeps the text. */
  readonly sharedLabels: Labels;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** What the name of a histogram is followed by. */
  readonly suffix?: '_bucket' | '_sum' | '_count';
}

type Sampler = (readings: PoolReadings) => readonly Sample[];

const NO_LABELS = Object.freeze({});
const WORKING: readonly AutoscalerHealth['state'][] = ['running', 'retrying'];

/** How each metric is computed. */
export const SAMPLERS: Record<MetricName, Sampler> = {
  pool_size: one(({ snapshot }) => snapshot.size),
  pool_busy: one(({ snapshot }) => snapshot.busy),
  pool_queue_depth: one(({ snapshot }) => snapshot.queueDepth),
  pool_target: one(({ snapshot }) => snapshot.target),
  pool_max: one(({ snapshot }) => snapshot.max),
  pool_utilization_ratio: one(({ snapshot }) => snapshot.busy / snapshot.max),
  pool_wait_seconds: durations('wait'),
  pool_process_seconds: durations('service'),
  pool_submitted_total: count('submitted'),
  pool_completed_total: count('completed'),
  pool_dropped_total: count('dropped'),
  pool_refused_total: one(({ snapshot }) => snapshot.counters.refused),
  pool_errors_total: count('failed'),
  pool_cancelled_total: count('cancelled'),
  pool_resizes_total: ({ labels, snapshot }) => labelled(labels, 'direction', snapshot.counters.resizes),
  pool_decisions_total: ({ labels, autoscaler, decisions }) =>
    autoscaler ? labelled(labels, 'outcome', decisions) : [],
  pool_worker_exits_total: ({ labels, exits }) => labelled(labels, 'reason', exits),
  pool_worker_crashes_total: one(({ snapshot }) => snapshot.counters.crashes),
  pool_retried_total: one(({ snapshot }) => snapshot.counters.retried),
  pool_quarantined: one(({ quarantined }) => quarantined),
  pool_autoscaler_faults_total: one(({ autoscaler }) => autoscaler?.faults ?? null),
  pool_autoscaler_up: one(({ autoscaler }) => autoscaler && Number(WORKING.includes(autoscaler.state))),
  pool_oldest_wait_seconds: one(({ snapshot }) => seconds(snapshot.wait.oldest)),
  pool_objective_seconds: one(({ objectiveMs }) => objectiveMs && seconds(objectiveMs)),
  pool_worker_event_loop_delay_seconds: loopDelays,
};

/** A single line, or none where there is no value. */
function one(value: (readings: PoolReadings) => number | null): Sampler {
  return (readings) => {
    const found = value(readings);
    return found === null ? [] : [{ sharedLabels: readings.labels, labels: NO_LABELS, value: found }];
  };
}

/** A line for the pool, or one for each task. */
function count(what: keyof TaskCounts): Sampler {
  return ({ labels, snapshot, tasks }) =>
    (tasks ?? [{ labels, counters: snapshot.counters }]).map((part) => ({
      sharedLabels: part.labels,
      labels: NO_LABELS,
      value: part.counters[what],
    }));
}

function labelled(sharedLabels: Labels, label: string, values: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(values).map(([key, value]) => ({ sharedLabels, labels: { [label]: key }, value }));
}

function durations(what: 'wait' | 'service'): Sampler {
  return ({ labels, histograms, tasks }) =>
    (tasks ?? [{ labels, histograms }]).flatMap((part) => buckets(part.labels, part.histograms[what]));
}

function buckets(sharedLabels: Labels, { boundsMs, counts, count, sumMs }: HistogramReading): Sample[] {
  const at = (le: number | '+Inf', value: number): Sample => ({
    sharedLabels,
    labels: { le },
    value,
    suffix: '_bucket',
  });
  return [
    ...boundsMs.map((bound, place) => at(seconds(bound), counts[place]!)),
    at('+Inf', count),
    { sharedLabels, labels: NO_LABELS, value: seconds(sumMs), suffix: '_sum' },
    { sharedLabels, labels: NO_LABELS, value: count, suffix: '_count' },
  ];
}

/** Threads that have been measured: 0 stands for those that have not, and slots on the event loop have no loop of their own. */
function loopDelays({ labels, snapshot }: PoolReadings): Sample[] {
  return snapshot.workers
    .filter(({ threadId, loopDelayMs }) => threadId !== null && loopDelayMs > 0)
    .map(({ id, loopDelayMs }) => ({
      sharedLabels: labels,
      labels: { worker: String(id) },
      value: seconds(loopDelayMs),
    }));
}

function seconds(ms: number): number {
  return ms / 1_000;
}
