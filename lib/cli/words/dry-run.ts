import type { DryRunOutcome, DryRunResult } from '../../core/contract/operation.js';
import { clockTime, count, duration, percent, quantity } from '../text/quantities.js';
import { table } from '../text/table.js';
import { policyName } from './describe.js';

/** What came of a dry run, the two policies side by side. */
export function compared({ pool, from, to, tasks, objectiveMs, present, proposed }: DryRunResult): string {
  const right = { align: 'right' as const };
  const columns = [
    { title: '' },
    { title: `LATE (OVER ${duration(objectiveMs)})`, ...right },
    { title: 'WORKER-SECONDS', ...right },
    { title: 'RESIZES', ...right },
    { title: 'POLICY' },
  ];
  const row = (name: string, { lateShare, workerSeconds, resizes, policy }: DryRunOutcome) => [
    name,
    percent(lateShare),
    quantity(workerSeconds),
    quantity(resizes),
    policyName(policy),
  ];
  return `${[
    `${pool}, ${clockTime(from, to)} to ${clockTime(to, to)}, ${count(tasks, 'task')}. Nothing was changed.`,
    '',
    ...table(columns, [row('present', present), row('proposed', proposed)]),
    '',
    verdict(present, proposed),
  ].join('\n')}\n`;
}

function verdict(present: DryRunOutcome, proposed: DryRunOutcome): string {
  const cost = change(proposed.workerSeconds, present.workerSeconds, 'cheaper', 'dearer', 'costs the same');
  const late = change(
    proposed.lateShare,
    present.lateShare,
    'fewer tasks late',
    'more tasks late',
    'as many tasks late',
  );
  return `The proposed policy: ${cost}, ${late}.`;
}

function change(now: number, before: number, less: string, more: string, same: string): string {
  if (now === before) return same;
  const word = now < before ? less : more;
  return before === 0 ? word : `${percent(Math.abs(now - before) / before)} ${word}`;
}
