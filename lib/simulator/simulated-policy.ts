import type { PolicyParts } from '../core/scaling/pipeline.js';
import { buildPolicy } from '../core/scaling/policy.js';
import { resolveScaling, type ResolvedScaling } from '../core/scaling/resolve-scaling.js';
import type { Policy } from '../core/scaling/scaling-options.js';
import { refusal } from '../core/validate.js';
import type { ResolvedSimulation } from './resolve-simulation.js';
import type { SimulatedBreaker } from './simulated-breaker.js';
import type { SimulationOptions } from './simulation-options.js';

/** What counts where nothing is said about a policy: the default of pools of threads. */
const DEFAULT_PRESET = 'balanced';

/** How the simulated pool sizes itself; parts that were built already are a policy of parts. */
export function scalingOf({ decider, guards, scaling }: SimulationOptions, pool: string): ResolvedScaling {
  const resolved = resolveScaling(scaling, DEFAULT_PRESET, pool);
  if (resolved === null)
    throw refusal({ pool, option: 'scaling' }, scaling, 'left out where there is to be none: set size');
  if (decider === undefined) {
    if (guards === undefined) return resolved;
    throw refusal({ pool, option: 'guards' }, guards, 'left out where there is no decider; set scaling.policy.guards');
  }
  const isNamed = typeof scaling === 'string' || scaling?.policy !== undefined;
  if (isNamed) throw refusal({ pool, option: 'decider' }, decider, 'left out where there is a scaling.policy');
  return { ...resolved, policy: { decider, ...(guards === undefined ? {} : { guards }) } };
}

/** Builds the parts of the policy, or `null` for a constant size. */
export function buildSimulated(options: ResolvedSimulation, breaker: SimulatedBreaker | null): PolicyParts | null {
  const { name, scaling, isConstant, startsAt, cron } = options;
  if (isConstant) return null;
  const { policy, objectiveMs, tickMs } = scaling;
  return buildPolicy(breaker === null ? policy : withBreaker(policy, breaker), {
    pool: name,
    objectiveMs,
    ...(tickMs === null ? {} : { tickMs }),
    ...(cron === null ? {} : { cron }),
    epochOf: (now) => startsAt + now,
  });
}

/** The policy with the signal `breaker` besides its own. */
function withBreaker(policy: Policy, breaker: SimulatedBreaker): Policy {
  const spec = typeof policy === 'string' ? { preset: policy } : policy;
  return { ...spec, signals: { breaker: { type: 'breaker', breaker }, ...spec.signals } };
}
