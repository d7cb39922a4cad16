import { describe, expect, it } from 'vitest';
import { unknownNames } from '../../support/metric-labels.js';
import { promqlNames } from '../../support/promql-names.js';

describe('the names in a PromQL expression', () => {
  it('are its metrics with their labels, and the labels it groups by', () => {
    const expr = `sum by (pool, le) (rate(a_total{x="not{this}", y!~'or, this'}[5m] offset 1h)) > on (job) group_left
      b:c or 60 * max without (worker) (d) and 1e3 < -e{} unless bool_metric`;
    expect(promqlNames(expr)).toEqual({
      selectors: [
        { metric: 'a_total', labels: ['x', 'y'] },
        { metric: 'b:c', labels: [] },
        { metric: 'd', labels: [] },
        { metric: 'e', labels: [] },
        { metric: 'bool_metric', labels: [] },
      ],
      grouping: ['pool', 'le', 'job', 'worker'],
    });
  });

  it('are told where no application exports them', () => {
    expect(unknownNames('sum by (pool, le) (rate(pool_wait_seconds_bucket{le="1", pool="a"}[5m]))')).toEqual([]);
    expect(unknownNames('pool_sizes')).toEqual(['pool_sizes']);
    expect(unknownNames('pool_wait_seconds')).toEqual(['pool_wait_seconds']);
    expect(unknownNames('pool_size{direction="up"}')).toEqual(['pool_size{direction}']);
    expect(unknownNames('sum by (pol) (pool_size)')).toEqual(['by (pol)']);
    expect(unknownNames('up == 0')).toEqual(['up']);
    expect(unknownNames('up == 0', ['up'])).toEqual([]);
  });
});
