import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { MetricName } from '../../lib/observe/metrics/metric-names.js';
import { DATA_SOURCE } from './panels.js';

const ALL = { text: 'All', value: '$__all' };
/** Every pool has it. */
const EXPORTED: MetricName = 'pool_size';

/** What is chosen at the top: the Prometheus, then application, instance and pool, each among those of the choice before. */
export function variables(): (DatasourceVariableBuilder | QueryVariableBuilder)[] {
  return [
    new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'),
    choice('job', 'Application', ''),
    choice('instance', 'Instance', 'job=~"$job"'),
    choice('pool', 'Pool', 'job=~"$job", instance=~"$instance"'),
  ];
}

function choice(label: string, title: string, matchers: string): QueryVariableBuilder {
  const query = `label_values(${EXPORTED}${matchers && `{${matchers}}`}, ${label})`;
  return new QueryVariableBuilder(label)
    .label(title)
    .datasource(DATA_SOURCE)
    .query({ query, refId: label })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .current(ALL);
}
