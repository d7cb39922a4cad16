import type { SimulationReport } from '../simulation.js';
import { clean } from '../text/clean.js';
import { count, duration, percent, quantity } from '../text/quantities.js';

/** An objective of 99 of 100 tasks leaves that share. */
const ALLOWED = 0.01;

/** What came of a simulation. */
export function reported(report: SimulationReport): string {
  const { load, policy, seed, minutes, objectiveMs, tasks, lateShare, dropped, resizes, reversals } = report;
  const rows: Array<readonly [string, string]> = [
    [
      'late',
      `${percent(lateShare)} waited over ${duration(objectiveMs)}${dropped > 0 ? ` or were dropped (${quantity(dropped)})` : ''}`,
    ],
    ['wait', `mean ${duration(report.meanWaitMs)}, p99 ${duration(report.p99WaitMs)}`],
    [
      'cost',
      `${quantity(report.workerSeconds)} worker-seconds: ${quantity(report.meanSize)} workers on average, ${quantity(report.largestSize)} at most`,
    ],
    ['resizes', `${quantity(resizes)}, ${count(reversals, 'reversal')} within a minute among them`],
    ...report.faults.map((fault) => ['fault', clean(fault)] as const),
  ];
  return `${[
    `${clean(load)}, policy ${clean(policy)}, ${count(tasks, 'task')} in ${duration(minutes * 60_000)}, seed ${seed}`,
    ...rows.map(([name, text]) => `  ${name.padEnd(8)}${text}`),
    lateShare <= ALLOWED ? 'The objective was kept.' : 'The objective was missed: 1 % may be late.',
  ].join('\n')}\n`;
}
