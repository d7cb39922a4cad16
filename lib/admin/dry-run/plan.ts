import type { PoolSnapshot } from '../../core/contract/snapshot.js';
import { PoolConfigError, PoolError } from '../../core/errors.js';
import { DEFAULT_OBJECTIVE_MS } from '../../core/scaling/policy-context.js';
import type { Policy } from '../../core/scaling/scaling-options.js';
import { refusal, rejectUnknownKeys, requireObject } from '../../core/validate.js';
import type { PoolService } from '../../nest/pool.service.js';
import type { SimulationOptions } from '../../simulator/simulation-options.js';
import type { HistoryRecorder } from '../history/history-recorder.js';
import type { Sample } from '../history/pool-record.js';
import { policyView } from '../../core/scaling/policy-view.js';
import { simulatedPolicy } from './check-policy.js';
import type { DryRunJob, PlannedRun } from './dry-run-job.js';
import type { ResolvedDryRun } from './dry-run-options.js';

const MINUTE_MS = 60_000;
const DEFAULT_MINUTES = 5;
const MOST_MINUTES = 15;
/** Less than this tells nothing of a policy, milliseconds. */
const LEAST_MS = 30_000;
/** Where no boot was recorded: a thread with a few classes takes about that, and an async slot nothing. */
const BOOT_MS = { threads: 150, async: 0 } as const;

/**
 * Checks the request, and puts together what the simulation needs.
 * @throws PoolNotFoundError, PoolConfigError, and PoolError `DRY_RUN_NO_HISTORY`.
 */
export function planOf(
  pools: PoolService,
  history: HistoryRecorder,
  pool: string,
  request: unknown,
  { maxTasks }: Pick<ResolvedDryRun, 'maxTasks'>,
): DryRunJob {
  const snapshot = pools.snapshot(pool);
  const { autoscaler } = pools.get(pool);
  const objectiveMs = autoscaler?.objectiveMs ?? DEFAULT_OBJECTIVE_MS;
  const preset = snapshot.kind === 'async' ? 'adaptive' : 'balanced';
  const { policy, minutes } = requireRequest(pool, request);
  const checked = (given: unknown, option: string) => simulatedPolicy(given, { pool, option, objectiveMs, preset });
  refuseInterleaving(snapshot);
  const proposed = checked(policy, 'policy');
  const present = autoscaler === null ? null : checked(autoscaler.policy(), 'the present policy');
  const samples = affordable(requireHistory(pool, history.samples(pool, minutes * MINUTE_MS), minutes), maxTasks);
  const pooled = poolOptions(snapshot, samples, history.bootMs(pool));
  const to = samples.at(-1)!.at;
  return {
    pool,
    from: to - sum(samples, 'spanMs'),
    to,
    objectiveMs,
    samples,
    present: present === null ? fixedRun(snapshot, objectiveMs) : scaledRun(present, objectiveMs, pooled),
    proposed: scaledRun(proposed, objectiveMs, pooled),
  };
}

function requireRequest(pool: string, request: unknown): { readonly policy: unknown; readonly minutes: number } {
  const body = requireObject({ pool, option: 'the request of a dry run' }, request);
  rejectUnknownKeys('a dry run', body, ['policy', 'minutes'], pool);
  const { policy, minutes = DEFAULT_MINUTES } = body;
  if (policy === undefined || policy === null) {
    throw refusal({ pool, option: 'policy' }, policy, 'a preset by name, or the parts of a policy');
  }
  if (typeof minutes !== 'number' || !(minutes >= 1 && minutes <= MOST_MINUTES)) {
    throw refusal({ pool, option: 'minutes' }, minutes, `a number from 1 to ${MOST_MINUTES}`);
  }
  return { policy, minutes };
}

/** The simulation knows workers that run one task at a time. */
function refuseInterleaving({ name: pool, concurrency }: PoolSnapshot): void {
  if (concurrency === 1) return;
  throw new PoolConfigError(
    `pool '${pool}' cannot be dry run: each of its workers runs ${concurrency} tasks at a time (worker.concurrency), and the simulation knows workers that run one.`,
    { pool },
  );
}

function requireHistory(pool: string, samples: readonly Sample[], minutes: number): readonly Sample[] {
  const recordedMs = sum(samples, 'spanMs');
  if (recordedMs < LEAST_MS) {
    const seconds = Math.max(1, Math.ceil((LEAST_MS - recordedMs) / 1_000));
    throw noHistory(
      pool,
      `${Math.floor(recordedMs / 1_000)} s of the pool are recorded, and a dry run needs ${LEAST_MS / 1_000}. Try again in ${seconds} s.`,
    );
  }
  if (sum(samples, 'arrived') > 0) return samples;
  throw noHistory(pool, `no task came in the last ${minutes} min, so that any policy would do. Try again under load.`);
}

function noHistory(pool: string, why: string): PoolError {
  return new PoolError('DRY_RUN_NO_HISTORY', `pool '${pool}': ${why}`, { pool });
}

/** The latest samples with no more tasks than that, one at least. */
function affordable(samples: readonly Sample[], maxTasks: number): readonly Sample[] {
  let tasks = 0;
  let first = samples.length;
  while (first > 0) {
    tasks += samples[first - 1]!.arrived;
    if (tasks > maxTasks && first < samples.length) break;
    first--;
  }
  return samples.slice(first);
}

function poolOptions(snapshot: PoolSnapshot, samples: readonly Sample[], bootMs: number | null): SimulationOptions {
  const { name, kind, queueCapacity } = snapshot;
  const min = Math.max(1, snapshot.min);
  const max = Math.max(min, snapshot.max);
  return {
    name,
    min,
    max,
    initial: Math.min(max, Math.max(min, samples[0]!.size)),
    spawnDelayMs: bootMs ?? BOOT_MS[kind],
    queueCapacity,
  };
}

function scaledRun(policy: Policy, objectiveMs: number, options: SimulationOptions): PlannedRun {
  return { policy: policyView(policy) as Policy, options: { ...options, scaling: { policy, objectiveMs } } };
}

function fixedRun({ name, target, queueCapacity }: PoolSnapshot, objectiveMs: number): PlannedRun {
  return { policy: null, options: { name, queueCapacity, size: Math.max(1, target), scaling: { objectiveMs } } };
}

function sum(samples: readonly Sample[], column: 'spanMs' | 'arrived'): number {
  return samples.reduce((total, sample) => total + sample[column], 0);
}
