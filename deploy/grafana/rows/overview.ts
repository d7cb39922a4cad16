import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { stat } from '../panels.js';
import { chosen, perMinute, quantile, summed } from '../queries.js';

const legend = '{{pool}}';

/** All pools at a glance: which one is short of workers, late, or turns tasks away. */
export function overview(): PanelBuilder[] {
  const objective = `max by (pool) (${chosen('pool_objective_seconds')})`;
  return [
    stat('Saturation', {
      description: 'Busy workers over the most there may be, all instances together. 100 %: growing is over.',
      unit: 'percentunit',
      width: 6,
      thresholds: [0.8, 0.95],
      queries: [{ expr: `${summed(chosen('pool_busy'))} / ${summed(chosen('pool_max'))}`, legend }],
    }),
    stat('p99 wait over objective', {
      description: 'Above 1 callers wait longer than they should. Pools that do not size themselves have no objective.',
      unit: 'none',
      width: 6,
      thresholds: [0.8, 1],
      queries: [{ expr: `${quantile(0.99, 'pool_wait_seconds')} / ${objective}`, legend }],
    }),
    stat('Oldest waiting', {
      description: 'Age of the task at the head of the queue, of the worst instance.',
      unit: 's',
      width: 6,
      thresholds: [1, 10],
      queries: [{ expr: `max by (pool) (${chosen('pool_oldest_wait_seconds')})`, legend }],
    }),
    stat('Turned away per minute', {
      description: 'Tasks dropped from a queue or not let in. Their callers got an error.',
      unit: 'none',
      width: 6,
      thresholds: [0.001, 60],
      queries: [{ expr: `${perMinute('pool_dropped_total')} + ${perMinute('pool_refused_total')}`, legend }],
    }),
  ];
}
