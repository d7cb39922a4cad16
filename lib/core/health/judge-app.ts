import type { HealthFinding } from './finding.js';
import { verdictOf, type HealthNotice, type HealthVerdict } from './pool-health.js';

/** Where an application is in its life. */
export interface AppPhase {
  readonly isReady: boolean;
  readonly isShuttingDown: boolean;
}

/** What was found in each pool, by name. */
export type FindingsByPool = ReadonlyMap<string, readonly HealthFinding[]>;

/** Whether an application shall be sent work. */
export function judgeReadiness(
  { isReady, isShuttingDown }: AppPhase,
  pools: FindingsByPool,
  notices: readonly HealthNotice[],
): HealthVerdict {
  const reason = isShuttingDown ? 'the application is shutting down' : 'the pools are not up yet';
  const phase: HealthNotice[] = isReady ? [] : [{ status: 'down', reason }];
  return verdictOf([...phase, ...named(pools), ...notices]);
}

/**
 * Whether a process is worth keeping. Only what a restart would mend is told: nothing that is merely degraded, no dead
 * autoscaler, since its pool serves; and a shutdown takes its course.
 */
export function judgeLiveness({ isShuttingDown }: AppPhase, pools: FindingsByPool): HealthVerdict {
  if (isShuttingDown) return verdictOf([]);
  return verdictOf(named(pools).filter(({ status, check }) => status === 'down' && check !== 'autoscaler'));
}

function named(pools: FindingsByPool): HealthFinding[] {
  return [...pools].flatMap(([pool, found]) =>
    found.map((each) => ({ ...each, reason: `pool '${pool}': ${each.reason}` })),
  );
}
