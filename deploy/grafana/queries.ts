import type { MetricName } from '../../lib/observe/metrics/metric-names.js';

/** A metric as it stands in queries: histograms have three series. */
type SeriesName =
  Exclude<MetricName, HistogramName> | `${HistogramName}_bucket` | `${HistogramName}_sum` | `${HistogramName}_count`;
type HistogramName = 'pool_wait_seconds' | 'pool_process_seconds';
type CounterName = Extract<MetricName, `${string}_total`>;

/** One query of a panel, and what its lines are called. */
export interface Query {
  readonly expr: string;
  readonly legend: string;
}

/** The series of what is chosen at the top of the dashboard. */
export function chosen(series: SeriesName, labels: Readonly<Record<string, string>> = {}): string {
  const own = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return `${series}{${['job=~"$job"', 'instance=~"$instance"', 'pool=~"$pool"', ...own].join(', ')}}`;
}

/** Over all instances, by pool and further labels. */
export function summed(series: string, ...by: readonly string[]): string {
  return `sum by (${['pool', ...by].join(', ')}) (${series})`;
}

/** Per second, over all instances; survives restarts. */
export function perSecond(counter: CounterName, ...by: readonly string[]): string {
  return summed(`rate(${chosen(counter)}[$__rate_interval])`, ...by);
}

/** Per minute: resizes and crashes are too rare to be told per second. */
export function perMinute(counter: CounterName, ...by: readonly string[]): string {
  return `60 * ${perSecond(counter, ...by)}`;
}

/** A quantile of all instances together; an average of their quantiles would be none. */
export function quantile(q: number, histogram: HistogramName): string {
  return `histogram_quantile(${q}, ${summed(`rate(${chosen(`${histogram}_bucket`)}[$__rate_interval])`, 'le')})`;
}
