import type { PolicyParts } from '../core/scaling/pipeline.js';
import { buildPolicy } from '../core/scaling/policy.js';
import type { Policy } from '../core/scaling/scaling-options.js';
import { refusal } from '../core/validate.js';
import type { ResolvedSimulation } from './resolve-simulation.js';
import type { SimulatedBreaker } from './simulated-breaker.js';
import type { SimulationOptions } from './simulation-options.js';

/** The policy that is simulated; parts that were built already are one of parts. */
export function policyOf({ decider, guards, scaling }: SimulationOptions, pool: string): Policy {
  if (decider === undefined) {
    if (guards === undefined) return scaling?.policy ?? 'balanced';
    throw refusal({ pool, option: 'guards' }, guards, 'left out where there is no decider; set scaling.policy.guards');
  }
  if (scaling?.policy === undefined) return { decider, ...(guards === undefined ? {} : { guards }) };
  throw refusal({ pool, option: 'decider' }, decider, 'left out where there is a scaling.policy');
}

/** Builds the parts of the policy, or `null` for a constant size. */
export function buildSimulated(
  { name, objectiveMs, scaling }: ResolvedSimulation,
  breaker: SimulatedBreaker | null,
): PolicyParts | null {
  if (scaling === null) return null;
  const { tickMs, policy } = scaling;
  const context = { pool: name, objectiveMs, ...(tickMs === undefined ? {} : { tickMs }) };
  return buildPolicy(breaker === null ? policy : withBreaker(policy, breaker), context);
}

/** The policy with the signal `breaker` besides its own. */
function withBreaker(policy: Policy | undefined, breaker: SimulatedBreaker): Policy {
  const spec = typeof policy === 'string' ? { preset: policy } : (policy ?? {});
  return { ...spec, signals: { breaker: { type: 'breaker', breaker }, ...spec.signals } };
}
