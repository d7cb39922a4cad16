import {
  refusal,
  rejectUnknownKeys,
  requireDuration,
  requireInteger,
  requireObject,
  requireOneOf,
} from '../validate.js';
import { KEPT_CRASHES } from './health-watch.js';
import type { HealthStatus } from './pool-health.js';

/** What a check can find. A closed pool and a dead autoscaler are `down` whatever the options say. */
export type HealthCheckName =
  'queue' | 'wait' | 'atMax' | 'crashLoop' | 'stalled' | 'fault' | 'flapping' | 'paused' | 'draining';

/** What is looked at, and from where on it counts; `false` switches a check off. */
export interface HealthOptions {
  /** Tasks waiting over `queue.capacity`, above 0 and up to 1. Default 0.8. */
  maxQueueRatio?: number | false;
  /**
   * Milliseconds that the p99 of the wait may reach, or the wait of the next task where that is longer. Default: ten
   * times the pool's `objectiveMs`; off for pools without autoscaler.
   */
  maxP99WaitMs?: number | false;
  /** Milliseconds for which the target may stand at the maximum while tasks wait without a break. Default 300,000. */
  maxAtMaxMs?: number | false;
  /** Workers that crash, boots that fail included. Default `{ crashes: 3, withinMs: 60_000 }`; `crashes` up to 100. */
  crashLoop?: { crashes?: number; withinMs?: number } | false;
  /** Milliseconds for which there may be tasks and live workers, and no task ends. Default 60,000. Above the longest task. */
  stalledAfterMs?: number | false;
  /** What a finding means. Each is `degraded` by default; with `up` it is not told. */
  means?: Partial<Record<HealthCheckName, HealthStatus>>;
}

/** What each finding means. */
export type HealthMeanings = Readonly<Record<HealthCheckName, HealthStatus>>;

/** As the judgement goes by; `null` switches a check off. */
export interface ResolvedHealthOptions {
  readonly maxQueueRatio: number | null;
  readonly maxP99WaitMs: number | null;
  readonly maxAtMaxMs: number | null;
  readonly crashLoop: { readonly crashes: number; readonly withinMs: number } | null;
  readonly stalledAfterMs: number | null;
  readonly means: HealthMeanings;
}

/** Of the objective; what a burst costs until the pool has grown is less than that. */
const OBJECTIVES_OF_WAIT = 10;

export const HEALTH_DEFAULTS = Object.freeze({
  maxQueueRatio: 0.8,
  maxAtMaxMs: 300_000,
  crashLoop: Object.freeze({ crashes: 3, withinMs: 60_000 }),
  stalledAfterMs: 60_000,
  means: Object.freeze<HealthMeanings>({
    queue: 'degraded',
    wait: 'degraded',
    atMax: 'degraded',
    crashLoop: 'degraded',
    stalled: 'degraded',
    fault: 'degraded',
    flapping: 'degraded',
    paused: 'degraded',
    draining: 'degraded',
  }),
});

const KEYS = ['maxQueueRatio', 'maxP99WaitMs', 'maxAtMaxMs', 'crashLoop', 'stalledAfterMs', 'means'] as const;
const STATUSES: readonly HealthStatus[] = ['up', 'degraded', 'down'];

/**
 * Options with their defaults.
 * @throws PoolConfigError that names the pool, the option, the value and what is allowed.
 */
export function resolveHealthOptions(
  pool: string,
  options: HealthOptions,
  objectiveMs: number | null,
): ResolvedHealthOptions {
  const what = 'the options of a health check';
  const given = requireObject({ pool, option: what }, options);
  rejectUnknownKeys(what, given, KEYS, pool);
  const duration = (option: (typeof KEYS)[number], preset: number | null) =>
    optional(given[option], preset, (value) => requireDuration({ pool, option }, value));
  return {
    maxQueueRatio: optional(given.maxQueueRatio, HEALTH_DEFAULTS.maxQueueRatio, (value) => requireRatio(pool, value)),
    maxP99WaitMs: duration('maxP99WaitMs', objectiveMs === null ? null : objectiveMs * OBJECTIVES_OF_WAIT),
    maxAtMaxMs: duration('maxAtMaxMs', HEALTH_DEFAULTS.maxAtMaxMs),
    crashLoop: optional(given.crashLoop, HEALTH_DEFAULTS.crashLoop, (value) => requireCrashLoop(pool, value)),
    stalledAfterMs: duration('stalledAfterMs', HEALTH_DEFAULTS.stalledAfterMs),
    means: requireMeanings(pool, given.means),
  };
}

function optional<T>(value: unknown, preset: T, read: (value: unknown) => T): T | null {
  if (value === undefined) return preset;
  return value === false ? null : read(value);
}

function requireRatio(pool: string, value: unknown): number {
  if (typeof value === 'number' && value > 0 && value <= 1) return value;
  throw refusal({ pool, option: 'maxQueueRatio' }, value, 'a number above 0 and up to 1, or false');
}

function requireCrashLoop(pool: string, value: unknown) {
  const given = requireObject({ pool, option: 'crashLoop' }, value);
  rejectUnknownKeys('crashLoop', given, ['crashes', 'withinMs'], pool);
  const { crashes = HEALTH_DEFAULTS.crashLoop.crashes, withinMs = HEALTH_DEFAULTS.crashLoop.withinMs } = given;
  return {
    crashes: requireInteger({ pool, option: 'crashLoop.crashes' }, crashes, 1, KEPT_CRASHES),
    withinMs: requireDuration({ pool, option: 'crashLoop.withinMs' }, withinMs),
  };
}

function requireMeanings(pool: string, value: unknown = {}): HealthMeanings {
  const given = requireObject({ pool, option: 'means' }, value);
  rejectUnknownKeys('means', given, Object.keys(HEALTH_DEFAULTS.means), pool);
  const meanings: Record<HealthCheckName, HealthStatus> = { ...HEALTH_DEFAULTS.means };
  for (const check of Object.keys(meanings) as HealthCheckName[]) {
    if (given[check] === undefined) continue;
    meanings[check] = requireOneOf({ pool, option: `means.${check}` }, given[check], STATUSES);
  }
  return meanings;
}
