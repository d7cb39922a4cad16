import type { MetricName } from '../../lib/observe/metrics/metric-names.js';
import { METRIC_NAMES } from '../../lib/observe/metrics/metric-names.js';
import { promqlNames } from './promql-names.js';

/** Labels beside `pool`. */
const OWN_LABELS: Partial<Record<MetricName, readonly string[]>> = {
  pool_resizes_total: ['direction'],
  pool_decisions_total: ['outcome'],
  pool_worker_exits_total: ['reason'],
  pool_worker_event_loop_delay_seconds: ['worker'],
};
const HISTOGRAMS: readonly MetricName[] = ['pool_wait_seconds', 'pool_process_seconds'];
/** What a scrape adds, and the label that an application may ask for. */
const ANYWHERE = ['pool', 'job', 'instance', 'namespace', 'pod', 'task'];

/** Every series that the application exports, by name, with the labels it may be matched by. */
function exported(): Map<string, readonly string[]> {
  const series = new Map<string, readonly string[]>();
  for (const name of METRIC_NAMES) {
    const labels = [...ANYWHERE, ...(OWN_LABELS[name] ?? [])];
    if (!HISTOGRAMS.includes(name)) series.set(name, labels);
    else {
      series.set(`${name}_bucket`, [...labels, 'le']);
      series.set(`${name}_sum`, labels);
      series.set(`${name}_count`, labels);
    }
  }
  return series;
}

/** What an expression names and nobody exports: metrics, labels of metrics, labels to group by. `also` are metrics from elsewhere. */
export function unknownNames(expr: string, also: readonly string[] = []): string[] {
  const known = exported();
  const allLabels = new Set([...known.values()].flat());
  const { selectors, grouping } = promqlNames(expr);
  const strange = selectors.flatMap(({ metric, labels }) => {
    if (also.includes(metric)) return [];
    const own = known.get(metric);
    return own ? labels.filter((label) => !own.includes(label)).map((label) => `${metric}{${label}}`) : [metric];
  });
  return [...strange, ...grouping.filter((label) => !allLabels.has(label)).map((label) => `by (${label})`)];
}
