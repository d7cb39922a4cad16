import { refusal, rejectUnknownKeys, requireDuration, requireObject, requireOneOf } from '../validate.js';
import type { OnFault } from './faults.js';
import { DEFAULT_OBJECTIVE_MS } from './policy-context.js';
import type { Preset } from './presets.js';
import type { Policy, ScalingOptions } from './scaling-options.js';

/** `ScalingOptions`, checked and with the defaults filled in; the policy itself is checked when it is built. */
export interface ResolvedScaling {
  readonly policy: Policy;
  /** What the policy goes by where it names none. */
  readonly preset: Preset;
  readonly objectiveMs: number;
  /** `null`: the preset's. */
  readonly tickMs: number | null;
  readonly onFault: OnFault;
}

/** A tick takes some 20 us: more often than this costs more than it can gain. */
const SHORTEST_TICK_MS = 10;

const KEYS = ['policy', 'objectiveMs', 'tickMs', 'onFault'] as const satisfies readonly (keyof ScalingOptions)[];

/**
 * Checks `scaling`; `null` where it is switched off. `preset` counts where no policy is named.
 * @throws PoolConfigError that names the pool, the option, the value and what is allowed.
 */
export function resolveScaling(
  scaling: ScalingOptions | Preset | false | undefined,
  preset: Preset,
  pool?: string,
): ResolvedScaling | null {
  if (scaling === false) return null;
  const at = (option: string) => ({ pool, option });
  if (scaling === undefined || typeof scaling === 'string') return withDefaults(preset, { policy: scaling });
  const options = requireObject(at('scaling'), scaling) as ScalingOptions;
  rejectUnknownKeys('scaling', options, KEYS, pool);
  const { objectiveMs, tickMs, onFault } = options;
  if (objectiveMs !== undefined) requireDuration(at('scaling.objectiveMs'), objectiveMs);
  if (tickMs !== undefined && requireDuration(at('scaling.tickMs'), tickMs) < SHORTEST_TICK_MS) {
    throw refusal(at('scaling.tickMs'), tickMs, `at least ${SHORTEST_TICK_MS} ms`);
  }
  if (onFault !== undefined) requireOneOf(at('scaling.onFault'), onFault, ['retry', 'freeze']);
  return withDefaults(preset, options);
}

function withDefaults(preset: Preset, options: ScalingOptions): ResolvedScaling {
  const { policy = preset, objectiveMs = DEFAULT_OBJECTIVE_MS, tickMs = null, onFault = 'retry' } = options;
  return Object.freeze({ policy, preset, objectiveMs, tickMs, onFault });
}
