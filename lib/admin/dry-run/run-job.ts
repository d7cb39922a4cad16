import type { DryRunOutcome, DryRunResult } from '../../core/contract/operation.js';
import { simulate } from '../../simulator/simulate.js';
import type { SizeChange } from '../../simulator/simulation-result.js';
import type { Workload } from '../../simulator/workload.js';
import { cronTimes } from './cron.js';
import type { DryRunJob, PlannedRun } from './dry-run-job.js';
import { replayWorkload } from './replay-workload.js';

/** Between two points of a series, milliseconds. */
const POINT_MS = 1_000;

/** Simulates both policies under the recorded load. Takes a second or so: not on a main thread. */
export function runJob(job: DryRunJob): DryRunResult {
  const { pool, from, to, objectiveMs } = job;
  const workload = replayWorkload(job.samples);
  return {
    pool,
    from,
    to,
    tasks: workload.arrivals.length,
    objectiveMs,
    present: outcomeOf(workload, job.present, from),
    proposed: outcomeOf(workload, job.proposed, from),
  };
}

function outcomeOf(workload: Workload, { policy, options }: PlannedRun, from: number): DryRunOutcome {
  const result = simulate(workload, { ...options, startsAt: from, cron: cronTimes });
  return {
    policy,
    lateShare: result.missPct / 100,
    workerSeconds: result.workerMs / 1_000,
    resizes: result.resizes.length,
    series: seriesOf(result.sizes, workload.durationMs, from),
  };
}

/** The size at each second, so that the series of two policies can be laid over each other. */
function seriesOf(sizes: readonly SizeChange[], durationMs: number, from: number): DryRunOutcome['series'] {
  const points = Math.floor(durationMs / POINT_MS) + 1;
  const size: number[] = [];
  let next = 0;
  let present = sizes[0]?.size ?? 0;
  for (let point = 0; point < points; point++) {
    while (next < sizes.length && sizes[next]!.at <= point * POINT_MS) present = sizes[next++]!.size;
    size.push(present);
  }
  return { at: size.map((_, point) => from + point * POINT_MS), size };
}
