import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { lines } from '../panels.js';
import { chosen, perMinute, perSecond, quantile, summed } from '../queries.js';

/** Whether it has the workers it needs: size, queue, waits and load. */
export function load(): PanelBuilder[] {
  return [
    lines('Workers', {
      description:
        'Size below target: workers boot, or crash. Target at max: no more may come. Busy at size: all work.',
      unit: 'none',
      width: 12,
      queries: [
        { expr: summed(chosen('pool_size')), legend: 'size' },
        { expr: summed(chosen('pool_target')), legend: 'target' },
        { expr: summed(chosen('pool_busy')), legend: 'busy' },
        { expr: summed(chosen('pool_max')), legend: 'max' },
      ],
    }),
    lines('Queue', {
      description: 'Tasks that wait for a worker.',
      unit: 'none',
      width: 12,
      queries: [{ expr: summed(chosen('pool_queue_depth')), legend: 'waiting' }],
    }),
    lines('Wait', {
      description: 'From acceptance to start. Callers are served as promised while p99 is below the objective.',
      unit: 's',
      width: 12,
      queries: [
        { expr: quantile(0.5, 'pool_wait_seconds'), legend: 'p50' },
        { expr: quantile(0.99, 'pool_wait_seconds'), legend: 'p99' },
        { expr: `max by (pool) (${chosen('pool_objective_seconds')})`, legend: 'objective' },
        { expr: `max by (pool) (${chosen('pool_oldest_wait_seconds')})`, legend: 'oldest waiting' },
      ],
    }),
    lines('Service time', {
      description:
        'From start to end. A rise at the same arrivals: the tasks, a downstream or the cores have become slow.',
      unit: 's',
      width: 12,
      queries: [
        { expr: quantile(0.5, 'pool_process_seconds'), legend: 'p50' },
        { expr: quantile(0.99, 'pool_process_seconds'), legend: 'p99' },
      ],
    }),
    lines('Tasks', {
      description: 'Arrivals, and what became of them. Refused calls were never accepted.',
      unit: 'ops',
      width: 12,
      queries: [
        { expr: perSecond('pool_submitted_total'), legend: 'accepted' },
        { expr: perSecond('pool_completed_total'), legend: 'completed' },
        { expr: perSecond('pool_errors_total'), legend: 'failed' },
        { expr: perSecond('pool_cancelled_total'), legend: 'cancelled' },
        { expr: perSecond('pool_dropped_total'), legend: 'dropped' },
        { expr: perSecond('pool_refused_total'), legend: 'refused' },
      ],
    }),
  ];
}

/** What the autoscaler did, and how the workers are. */
export function scaling(): PanelBuilder[] {
  return [
    lines('Resizes and decisions', {
      description: 'Per minute. Ups and downs in equal measure: it flaps. `dynamic-pool explain` tells the reasons.',
      unit: 'none',
      width: 12,
      queries: [
        { expr: perMinute('pool_resizes_total', 'direction'), legend: 'resized {{direction}}' },
        { expr: perMinute('pool_decisions_total', 'outcome'), legend: 'decided: {{outcome}}' },
      ],
    }),
    lines('Workers that left', {
      description:
        'Per minute, by reason; crashes and what they led to apart: retries, and tasks in quarantine (a number, not a rate).',
      unit: 'none',
      width: 8,
      queries: [
        { expr: perMinute('pool_worker_exits_total', 'reason'), legend: '{{reason}}' },
        { expr: perMinute('pool_worker_crashes_total'), legend: 'crashes' },
        { expr: perMinute('pool_retried_total'), legend: 'retries' },
        { expr: summed(chosen('pool_quarantined')), legend: 'in quarantine' },
      ],
    }),
    lines('Event-loop delay', {
      description: 'Of the worst worker of each instance. A task that computes holds it up for as long as it takes.',
      unit: 's',
      width: 8,
      queries: [
        {
          expr: `max by (pool, instance) (${chosen('pool_worker_event_loop_delay_seconds')})`,
          legend: '{{instance}}',
        },
      ],
    }),
    lines('Autoscaler', {
      description:
        'Faults per minute should be 0: a part of the policy throws, or a resize is refused. Working is 0 once it is frozen or stopped.',
      unit: 'none',
      width: 8,
      queries: [
        { expr: perMinute('pool_autoscaler_faults_total'), legend: 'faults' },
        { expr: `min(${chosen('pool_autoscaler_up')})`, legend: 'working' },
      ],
    }),
  ];
}
