import type { PoolView } from '../../core/contract/operation.js';
import type { Policy } from '../../core/scaling/scaling-options.js';
import type { Paint } from '../text/paint.js';
import { ago, clockTime, count, duration, left, percent, quantity } from '../text/quantities.js';
import { table } from '../text/table.js';
import { toneOfHealth, toneOfState } from './pool-rows.js';

/** Everything about a pool, in sections. */
export function described(view: PoolView, paint: Paint): string {
  const title = `${view.name}  ${paint(toneOfState(view), view.state)}  ${paint(toneOfHealth(view.health.status), view.health.status)}`;
  const reasons = view.health.reasons.map((reason) => `  - ${reason}`);
  const sections = [[title, ...reasons], facts(view, paint), tasks(view, paint), workers(view, paint)];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** Who pinned the size, until when and why. */
export function pinned({ override, at }: PoolView): string {
  if (override === null) return 'no';
  const { size, owner, until, reason } = override;
  const end = until === null ? 'until released' : `until ${clockTime(until, at)}, ${left(until, at)} more`;
  return `${quantity(size)} by ${owner} ${end}: ${reason}`;
}

/** A preset by its name; anything else as JSON. */
export function policyName(policy: Policy | null): string {
  if (policy === null) return 'none';
  return typeof policy === 'string' ? policy : JSON.stringify(policy);
}

function facts(view: PoolView, paint: Paint): string[] {
  const { wait, service, counters, autoscaler, objectiveMs } = view;
  const rows: Array<readonly [string, string]> = [
    [
      'size',
      `${quantity(view.size)}, target ${quantity(view.target)}, from ${quantity(view.min)} to ${quantity(view.max)}`,
    ],
    [
      'workers',
      `${quantity(view.busy)} busy, ${quantity(view.idle)} idle, ${quantity(view.starting)} starting, ${quantity(view.draining)} leaving (${view.kind})`,
    ],
    ['utilization', percent(view.utilization)],
    [
      'queue',
      `${quantity(view.queueDepth)} of ${quantity(view.queueCapacity)}, the oldest for ${duration(wait.oldest)}`,
    ],
    ['wait', `${times(wait)}${objectiveMs === null ? '' : `, objective p99 ${duration(objectiveMs)}`}`],
    ['service', times(service)],
    [
      'tasks',
      `${quantity(counters.submitted)} submitted, ${quantity(counters.completed)} completed, ${quantity(counters.failed)} failed, ${quantity(counters.cancelled)} cancelled, ${quantity(counters.dropped)} dropped, ${quantity(counters.retried)} retried`,
    ],
    ['resizes', `${quantity(counters.resizes.up)} up, ${quantity(counters.resizes.down)} down`],
    ['crashes', quantity(counters.crashes)],
    ['pinned', pinned(view)],
    ['policy', policyName(view.policy)],
    ['autoscaler', autoscaler === null ? 'none' : inWords(autoscaler, view.at)],
  ];
  return rows.map(([name, text]) => `${paint('faint', name.padEnd(12))}${text}`);
}

function times({ mean, p50, p99, max }: PoolView['service']): string {
  return `mean ${duration(mean)}, p50 ${duration(p50)}, p99 ${duration(p99)}, max ${duration(max)}`;
}

function inWords(autoscaler: NonNullable<PoolView['autoscaler']>, at: number): string {
  const { state, faults, lastFault, lastTickAt, isFlapping } = autoscaler;
  return [
    state,
    lastTickAt === null ? 'no tick yet' : `last tick ${ago(lastTickAt, at)}`,
    ...(isFlapping ? ['flapping: it does not shrink for a minute'] : []),
    ...(faults > 0 ? [`${count(faults, 'fault')}, the last: ${lastFault}`] : []),
  ].join(', ');
}

function tasks({ tasks }: PoolView, paint: Paint): string[] {
  const rows = Object.entries(tasks).sort(([, a], [, b]) => b.count - a.count);
  if (rows.length === 0) return [];
  const columns = [
    { title: 'TASK' },
    { title: 'RUNS', align: 'right' as const },
    { title: 'FAILED', align: 'right' as const },
    { title: 'SERVICE', align: 'right' as const },
  ];
  const cells = rows.map(([name, task]) => [
    name,
    quantity(task.count),
    { text: quantity(task.failed), tone: task.failed > 0 ? ('warn' as const) : undefined },
    duration(task.serviceMs),
  ]);
  return table(columns, cells, { paint });
}

/** A line for each worker. */
export function workers({ workers }: Pick<PoolView, 'workers'>, paint: Paint): string[] {
  if (workers.length === 0) return [];
  const right = { align: 'right' as const };
  const columns = [
    { title: 'WORKER', ...right },
    { title: 'STATE' },
    { title: 'AGE', ...right },
    { title: 'HEAP', ...right },
    { title: 'LOOP', ...right },
    { title: 'DELAY', ...right },
    { title: 'TASK' },
  ];
  const cells = workers.map((worker) => [
    quantity(worker.id),
    worker.state,
    duration(worker.ageMs),
    worker.heapMb > 0 ? `${quantity(worker.heapMb)} MB` : '–', // 0 until measured, and for slots
    percent(Math.round(worker.elu * 100) / 100),
    duration(worker.loopDelayMs),
    worker.task ?? '',
  ]);
  return table(columns, cells, { paint });
}
