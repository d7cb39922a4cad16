import type { ReportRow } from '../../lib/simulator/report.js';
import { round } from '../figures.js';
import { medians, type PolicyMedians } from './medians.js';

export interface ScalingResult {
  readonly mean: number;
  readonly seeds: number;
  readonly rows: readonly ReportRow[];
}

/** One table for each load. */
export function printScaling({ mean, seeds, rows }: ScalingResult): void {
  process.stdout.write(
    `Policies in simulation, ${mean} tasks/s on average, medians of ${seeds} seeds. The oracle knows the load, misses 1 % ` +
      'and sets a size every 5 s. best-static knows the load too.\n',
  );
  for (const load of new Set(rows.map((row) => row.load))) {
    const own = rows.filter((row) => row.load === load);
    process.stdout.write(`\n${load}, ${[...new Set(own.map((row) => row.class))].join(' or ')}\n`);
    console.table(Object.fromEntries(medians(own).map((row) => [row.policy, columns(row)])));
  }
}

function columns(row: PolicyMedians): object {
  return {
    'missed, %': round(row.missPct, 2),
    'x oracle': round(row.costOverOracle, 2),
    'x oracle, equal misses': round(row.costAtEqualMisses, 2),
    'resizes/h': round(row.resizesPerHour, 0),
    'reversals/h': round(row.reversalsPerHour, 0),
    'wait p99, ms': round(row.p99WaitMs, 0),
    'goal: at most 1 % missed': row.isCheapest ? 'kept, cheapest' : row.keepsObjective ? 'kept' : '',
  };
}
