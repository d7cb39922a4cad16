import { ago, count, duration, percent, quantity } from '../text/quantities.js';
import { cutTo } from '../text/width.js';
import { pinned, policyName, workers } from '../words/describe.js';
import { deed } from '../words/explain.js';
import type { Canvas } from './draw.js';
import type { PoolState } from './model.js';

/** What is told of the chosen pool below the list. */
export function detailsOf(
  { view, decision }: PoolState,
  { columns, paint }: Pick<Canvas, 'columns' | 'paint'>,
): string[] {
  const { wait, service, counters, health, objectiveMs } = view;
  const lines = [
    `${view.name}: ${count(view.size, 'worker')}, target ${quantity(view.target)}, from ${quantity(view.min)} to ${quantity(view.max)}; ${percent(view.utilization)} busy`,
    ...health.reasons.map((reason) => `${health.status}: ${reason}`),
    ...(view.override === null ? [] : [`pinned to ${pinned(view)}`]),
    `wait p50 ${duration(wait.p50)}, p99 ${duration(wait.p99)}${objectiveMs === null ? '' : ` (objective ${duration(objectiveMs)})`}, oldest ${duration(wait.oldest)}; service p50 ${duration(service.p50)}, p99 ${duration(service.p99)}`,
    `${quantity(counters.completed)} completed, ${quantity(counters.failed)} failed, ${quantity(counters.dropped)} dropped, ${quantity(counters.crashes)} crashes; policy ${policyName(view.policy)}`,
    ...(decision === null ? [] : [`${ago(decision.at, view.at)}: ${deed(decision)}. ${decision.reason}`]),
  ];
  return [...lines, ...workers(view, (_, text) => text)].map((line) => paint(undefined, cutTo(line, columns)));
}
