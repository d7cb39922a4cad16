import type { PoolView } from '../../core/contract/operation.js';
import type { Tone } from '../text/paint.js';
import type { Cell, Column } from '../text/table.js';
import { count, duration, left, quantity } from '../text/quantities.js';

export const POOL_COLUMNS: readonly Column[] = [
  { title: 'POOL', shrinks: true },
  { title: 'STATE' },
  { title: 'SIZE', align: 'right' },
  { title: 'TARGET', align: 'right' },
  { title: 'BOUNDS' },
  { title: 'BUSY', align: 'right' },
  { title: 'QUEUE', align: 'right' },
  { title: 'WAIT P99', align: 'right' },
  { title: 'HEALTH' },
  { title: 'NOTE', shrinks: true },
];

/** A line of `ls` for one pool. */
export function poolRow(view: PoolView): Cell[] {
  return [
    view.name,
    { text: view.state, tone: toneOfState(view) },
    quantity(view.size),
    quantity(view.target),
    `${quantity(view.min)}-${quantity(view.max)}`,
    quantity(view.busy),
    quantity(view.queueDepth),
    { text: duration(view.wait.p99), tone: toneOfWait(view) },
    { text: view.health.status, tone: toneOfHealth(view.health.status) },
    note(view),
  ];
}

/** What is out of the ordinary with it, in a few words. */
export function note(view: PoolView): string {
  const { override, autoscaler, health, at } = view;
  if (override !== null)
    return `pinned to ${quantity(override.size)} by ${override.owner}${remaining(override.until, at)}`;
  if (health.reasons.length > 0) return health.reasons[0]!;
  if (autoscaler?.isFlapping) return 'flapping';
  if (autoscaler === null) return 'no autoscaler';
  return view.draining > 0 ? `${count(view.draining, 'worker')} leaving` : '';
}

export function toneOfHealth(status: string): Tone | undefined {
  return status === 'up' ? 'good' : status === 'degraded' ? 'warn' : 'bad';
}

export function toneOfState({ state }: PoolView): Tone | undefined {
  return state === 'open' ? undefined : state === 'closed' ? 'bad' : 'warn';
}

export function toneOfWait({ wait, objectiveMs }: PoolView): Tone | undefined {
  return objectiveMs !== null && wait.p99 > objectiveMs ? 'warn' : undefined;
}

function remaining(until: number | null, at: number): string {
  return until === null ? '' : `, ${left(until, at)} more`;
}
