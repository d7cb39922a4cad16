import type { ReportRow } from '../../lib/simulator/report.js';
import { median } from '../figures.js';

/** How a policy did on a load, over all seeds. */
export interface PolicyMedians {
  readonly policy: string;
  readonly missPct: number;
  readonly costOverOracle: number;
  readonly costAtEqualMisses: number;
  readonly resizesPerHour: number;
  readonly reversalsPerHour: number;
  readonly p99WaitMs: number;
  /** Misses no more than 1 %, as the objective has it. */
  readonly keepsObjective: boolean;
  /** The cheapest of those that do, among policies that do not know the load. */
  readonly isCheapest: boolean;
}

/** What it knows of the load takes it out of the race. */
const CLAIRVOYANT = 'best-static';
const OBJECTIVE_PCT = 1;

/** Medians of each policy over the rows of one load, in the order in which the policies came. */
export function medians(rows: readonly ReportRow[]): PolicyMedians[] {
  const policies = [...new Set(rows.map(({ policy }) => policy))];
  const found = policies.map((policy) => {
    const own = rows.filter((row) => row.policy === policy);
    const of = (read: (row: ReportRow) => number) => median(own.map(read));
    const missPct = of((row) => row.missPct);
    return {
      policy,
      missPct,
      costOverOracle: of((row) => row.costOverOracle),
      costAtEqualMisses: of((row) => row.costAtEqualMisses),
      resizesPerHour: of((row) => row.resizesPerHour),
      reversalsPerHour: of((row) => row.reversalsPerHour),
      p99WaitMs: of((row) => row.p99WaitMs),
      keepsObjective: missPct <= OBJECTIVE_PCT,
    };
  });
  const racing = found.filter(({ policy, keepsObjective }) => keepsObjective && policy !== CLAIRVOYANT);
  const least = Math.min(...racing.map(({ costOverOracle }) => costOverOracle));
  return found.map((row) => ({ ...row, isCheapest: racing.includes(row) && row.costOverOracle === least }));
}
