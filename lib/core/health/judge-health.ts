import type { PoolSnapshot } from '../contract/snapshot.js';
import type { AutoscalerHealth } from '../scaling/control-loop.js';
import { finding, type HealthFinding } from './finding.js';
import { HEALTH_DEFAULTS, resolveHealthOptions, type HealthMeanings, type HealthOptions } from './health-options.js';
import type { HealthHistory } from './health-watch.js';
import { judgeLoad } from './judge-load.js';
import { verdictOf, type HealthVerdict } from './pool-health.js';

/** All that a judgement goes by. */
export interface HealthEvidence {
  readonly snapshot: PoolSnapshot;
  /** `null` with `scaling: false`. */
  readonly autoscaler: AutoscalerHealth | null;
  readonly objectiveMs: number | null;
  readonly history: HealthHistory;
  /** Whether its application is up. Before and after that an autoscaler without ticks is as it should be. */
  readonly isUp: boolean;
}

/**
 * What is wrong with a pool.
 * @throws PoolConfigError for options that are not what they must be.
 */
export function judgeHealth(evidence: HealthEvidence, options: HealthOptions = {}): HealthFinding[] {
  const { snapshot, autoscaler, objectiveMs, isUp } = evidence;
  const resolved = resolveHealthOptions(snapshot.name, options, objectiveMs);
  if (snapshot.state === 'closed') return [{ check: 'closed', status: 'down', reason: 'the pool is closed' }];
  return [
    ...judgeState(snapshot, resolved.means),
    ...(autoscaler ? faultsOf(autoscaler, isUp, resolved.means) : []),
    ...judgeLoad(evidence, resolved),
  ];
}

/** Judges an autoscaler alone, in the words of its pool's health. */
export function judgeAutoscaler(autoscaler: AutoscalerHealth, isUp: boolean): HealthVerdict {
  return verdictOf(faultsOf(autoscaler, isUp, HEALTH_DEFAULTS.means));
}

function judgeState({ state }: PoolSnapshot, means: HealthMeanings): HealthFinding[] {
  return state === 'paused' || state === 'draining' ? finding(state, means, `the pool is ${state}`) : [];
}

function faultsOf(
  { state, lastFault, isFlapping }: AutoscalerHealth,
  isUp: boolean,
  means: HealthMeanings,
): HealthFinding[] {
  const dead = (reason: string): HealthFinding => ({ check: 'autoscaler', status: 'down', reason });
  return [
    ...(state === 'stopped' && isUp ? [dead('its autoscaler has no ticks any more')] : []),
    ...(state === 'frozen' ? [dead(`its autoscaler stands still after a fault: ${lastFault}`)] : []),
    ...(state === 'retrying' ? finding('fault', means, `its autoscaler failed and tries again: ${lastFault}`) : []),
    ...(isFlapping ? finding('flapping', means, 'it grew and shrank too often; for a minute it only grows') : []),
  ];
}
