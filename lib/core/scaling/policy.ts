import { PoolConfigError } from '../errors.js';
import { refusal, rejectUnknownKeys, requireObject, show, suggest, type Place } from '../validate.js';
import { buildDecider } from './deciders/build-decider.js';
import { buildForecast } from './forecasts/build-forecast.js';
import { buildGuard, type GuardSpec } from './guards/build-guard.js';
import type { PolicyParts } from './pipeline.js';
import type { PolicyContext } from './policy-context.js';
import { PRESET_NAMES, PRESETS, type Preset } from './presets.js';
import type { Policy, PolicySpec } from './scaling-options.js';
import type { SignalContext } from './signals/build-signal.js';
import { buildSignals } from './signals/build-signals.js';
import { harmlessly } from './unchecked.js';

/** What a policy is built for and with. */
export interface PolicyBuildContext extends Omit<PolicyContext, 'signals'>, SignalContext {
  /** What counts where a policy names no preset and has no decider. Default `balanced`. */
  readonly preset?: Preset | undefined;
  /** Where the policy stands, for messages. Default `scaling.policy`. */
  readonly option?: string | undefined;
}

const KEYS = ['preset', 'signals', 'decider', 'guards', 'forecast'] as const satisfies readonly (keyof PolicySpec)[];

/**
 * Builds the parts of a policy. They keep state: each pool needs its own. Close the signals when they are no longer read
 * (`Pipeline.close`).
 * @throws PoolConfigError that names the pool, the option, the value and what is allowed.
 */
export function buildPolicy(policy: Policy | undefined, context: PolicyBuildContext = {}): PolicyParts {
  const option = context.option ?? 'scaling.policy';
  const { preset, ...own } = resolvePolicy(policy, { pool: context.pool, option }, context.preset);
  const parts = preset === undefined ? null : PRESETS[preset];
  const tickMs = context.tickMs ?? parts?.tickMs ?? PRESETS.balanced.tickMs;
  const signals = buildSignals({ ...parts?.signals, ...own.signals }, context, `${option}.signals`);
  try {
    const known: PolicyContext = { ...context, tickMs, signals: Object.keys(signals) };
    const at = (key: string): Place => ({ pool: context.pool, option: `${option}.${key}` });
    const guards = [...(parts?.guards ?? []), ...(own.guards ?? [])];
    return {
      tickMs,
      signals: new Map(Object.entries(signals)),
      decider: buildDecider(own.decider ?? parts?.decider, at('decider'), known),
      guards: withBudget(guards, context).map((spec, index) => buildGuard(spec, at(`guards[${index}]`), known)),
      forecast: own.forecast === undefined ? null : buildForecast(own.forecast, at('forecast'), known),
    };
  } catch (error) {
    for (const [name, signal] of Object.entries(signals)) {
      harmlessly(`closing the signal ${name}`, () => signal.close?.());
    }
    throw error;
  }
}

/**
 * A policy as parts, with the preset that it goes by; none where the decider is the user's own.
 * @throws PoolConfigError for an unknown preset, with the nearest there is, and for unknown parts.
 */
export function resolvePolicy(
  policy: Policy | undefined,
  place: Place,
  fallback: Preset = 'balanced',
): PolicySpec & { readonly preset?: Preset } {
  if (policy === undefined) return { preset: fallback };
  if (typeof policy === 'string') return { preset: requirePreset(place, policy) };
  const spec = requireObject(place, policy) as PolicySpec;
  rejectUnknownKeys(place.option, spec, KEYS, place.pool);
  const { guards } = spec;
  if (guards !== undefined && !Array.isArray(guards)) {
    throw refusal({ pool: place.pool, option: `${place.option}.guards` }, guards, 'a list of guards');
  }
  if (spec.preset !== undefined) {
    requirePreset({ pool: place.pool, option: `${place.option}.preset` }, spec.preset);
    return spec;
  }
  return spec.decider === undefined ? { ...spec, preset: fallback } : spec;
}

/** A pool that shares a budget keeps to it, whatever its policy says; last, so that it asks for nothing in vain. */
function withBudget(guards: readonly GuardSpec[], { budget }: PolicyBuildContext): readonly GuardSpec[] {
  const hasOne = guards.some((guard) => (guard as { type?: unknown } | null)?.type === 'budget');
  return budget === undefined || hasOne ? guards : [...guards, { type: 'budget' }];
}

function requirePreset({ pool, option }: Place, name: unknown): Preset {
  if (typeof name === 'string' && Object.hasOwn(PRESETS, name)) return name as Preset;
  const prefix = pool === undefined ? '' : `pool '${pool}': `;
  const near = typeof name === 'string' ? suggest(name, PRESET_NAMES) : '';
  throw new PoolConfigError(
    `${prefix}${option} is ${show(name)}, which is no preset.${near} Presets: ${PRESET_NAMES.join(', ')}; or an object with a decider.`,
    { pool, option },
  );
}
