import type { HealthFinding } from '../core/health/finding.js';
import type { HealthOptions } from '../core/health/health-options.js';
import { UNWATCHED } from '../core/health/health-watch.js';
import { judgeLiveness, judgeReadiness, type FindingsByPool } from '../core/health/judge-app.js';
import { judgeHealth } from '../core/health/judge-health.js';
import { verdictOf, type HealthNotice, type HealthVerdict, type PoolHealth } from '../core/health/pool-health.js';
import type { PoolDirectory } from './pool-directory.js';

/** The health of one pool, notices about the application included. */
export function poolHealth(directory: PoolDirectory, name: string, options: HealthOptions): PoolHealth {
  const verdict = verdictOf([...findings(directory, name, options), ...noticesOf(directory)]);
  return Object.freeze({ pool: name, ...verdict });
}

export function readiness(directory: PoolDirectory, options: HealthOptions): HealthVerdict {
  return judgeReadiness(directory, allFindings(directory, options), noticesOf(directory));
}

export function liveness(directory: PoolDirectory, options: HealthOptions): HealthVerdict {
  return judgeLiveness(directory, allFindings(directory, options));
}

function allFindings(directory: PoolDirectory, options: HealthOptions): FindingsByPool {
  return new Map(directory.names.map((name) => [name, findings(directory, name, options)]));
}

function findings(directory: PoolDirectory, name: string, options: HealthOptions): HealthFinding[] {
  const pool = directory.get(name, 'PoolService');
  const evidence = {
    snapshot: pool.snapshot(),
    autoscaler: pool.autoscaler?.health() ?? null,
    objectiveMs: pool.autoscaler?.objectiveMs ?? null,
    history: directory.watches.get(name)?.read() ?? UNWATCHED,
    isUp: directory.isReady,
  };
  return judgeHealth(evidence, options);
}

/** A source that fails is told, and harms no check. */
function noticesOf({ notices }: PoolDirectory): HealthNotice[] {
  return [...notices].flatMap((source) => {
    try {
      return source() ?? [];
    } catch (error) {
      return { status: 'degraded', reason: `a source of health notices failed: ${String(error)}` };
    }
  });
}
