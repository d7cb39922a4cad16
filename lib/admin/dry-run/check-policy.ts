import { PoolConfigError } from '../../core/errors.js';
import { buildPolicy } from '../../core/scaling/policy.js';
import type { Preset } from '../../core/scaling/presets.js';
import type { Policy, PolicySpec } from '../../core/scaling/scaling-options.js';
import { hasCustomPart } from '../../core/scaling/policy-view.js';
import { cronTimes } from './cron.js';

/** Signals that are read of the pool itself, which is all that is recorded. */
const REPLAYED = new Set([
  'queue-depth',
  'utilization',
  'wait',
  'service',
  'arrival-rate',
  'throughput',
  'arrival-dispersion',
  'error-rate',
]);

export interface PolicyPlace {
  readonly pool: string;
  /** Where the policy stands, for messages. */
  readonly option: string;
  readonly objectiveMs: number;
  /** Of the pool, for a policy that names none. */
  readonly preset: Preset;
}

/**
 * A policy as the simulator takes it: checked, with the preset that it goes by, and without the budget, which the other
 * pools have a part in.
 * @throws PoolConfigError that names what cannot be built, or what the recording cannot tell.
 */
export function simulatedPolicy(policy: unknown, place: PolicyPlace): Policy {
  const { pool, option, objectiveMs, preset } = place;
  if (hasCustomPart(policy)) {
    throw new PoolConfigError(
      `pool '${pool}': ${option} has a part of the application's own (an object with methods, or a function), which cannot be dry run: the simulation is on another thread. Name parts by their type.`,
      { pool },
    );
  }
  const simulated = isSpec(policy) ? withoutBudget(withPreset(policy, preset)) : (policy as Policy);
  if (isSpec(simulated)) refuseOutsideSignals(simulated, place);
  const parts = buildPolicy(simulated, { pool, option, objectiveMs, cron: cronTimes });
  for (const signal of parts.signals.values()) signal.close?.();
  return simulated;
}

function isSpec(policy: unknown): policy is PolicySpec {
  return typeof policy === 'object' && policy !== null && !Array.isArray(policy);
}

function withPreset(policy: PolicySpec, preset: Preset): PolicySpec {
  return policy.preset === undefined && policy.decider === undefined ? { ...policy, preset } : policy;
}

function withoutBudget(policy: PolicySpec): PolicySpec {
  if (!Array.isArray(policy.guards)) return policy;
  return { ...policy, guards: policy.guards.filter((guard) => typeOf(guard) !== 'budget') };
}

function refuseOutsideSignals({ signals }: PolicySpec, { pool, option }: PolicyPlace): void {
  for (const [name, spec] of Object.entries(signals ?? {})) {
    const type = measuredType(spec);
    if (typeof type !== 'string' || REPLAYED.has(type)) continue;
    throw new PoolConfigError(
      `pool '${pool}': ${option}.signals.${name} is of the type '${type}', which cannot be dry run: only what the pool tells of itself is recorded. Leave it out, and the guards that go by it; or use one of ${[...REPLAYED].join(', ')}.`,
      { pool },
    );
  }
}

/** What an average averages, in the end. */
function measuredType(spec: unknown, depth = 0): unknown {
  const type = typeOf(spec);
  return type === 'ewma' && depth < 10 ? measuredType((spec as { of?: unknown }).of, depth + 1) : type;
}

function typeOf(spec: unknown): unknown {
  return typeof spec === 'object' && spec !== null ? (spec as { type?: unknown }).type : undefined;
}
