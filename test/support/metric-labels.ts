import { METRIC_NAMES, METRICS } from '../../lib/observe/metrics/metric-names.js';
import { promqlNames } from './promql-names.js';

/** What a scrape adds. */
const ANYWHERE = ['job', 'instance', 'namespace', 'pod'];

/** Every series that the application exports, by name, with the labels it may be matched by. */
function exported(): Map<string, readonly string[]> {
  const series = new Map<string, readonly string[]>();
  for (const name of METRIC_NAMES) {
    const { type, labels: own, byTask } = METRICS[name];
    const labels = [...ANYWHERE, ...own, ...(byTask ? ['task'] : [])];
    if (type !== 'histogram') series.set(name, labels);
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
