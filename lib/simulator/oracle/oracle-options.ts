import { MAX_WORKERS } from '../../core/pool/resolve-options.js';
import { DEFAULT_OBJECTIVE_MS } from '../../core/scaling/policy-context.js';
import { refusal, rejectUnknownKeys, requireDuration, requireInteger } from '../../core/validate.js';

/** What an oracle may do, and what counts as a miss. The defaults are those of the protocol by which policies are judged. */
export interface OracleOptions {
  /** It sets one size for each window, milliseconds. Default 5,000. */
  readonly windowMs?: number;
  /** A longer wait is a miss, milliseconds. Default 100. */
  readonly objectiveMs?: number;
  /** Workers. Default 1. */
  readonly min?: number;
  /** Workers. Default 64. */
  readonly max?: number;
  /** Workers that are there already when the load begins. Default 2, or the nearest within the bounds. */
  readonly initial?: number;
  /** A worker costs from this long before it takes tasks, milliseconds. Default 150. */
  readonly spawnDelayMs?: number;
}

export type ResolvedOracle = Required<OracleOptions>;

const KEYS = ['windowMs', 'objectiveMs', 'min', 'max', 'initial', 'spawnDelayMs'];

/**
 * Checks the options and fills in the defaults.
 * @throws PoolConfigError that names the option, the value and what is allowed.
 */
export function resolveOracle(options: OracleOptions): ResolvedOracle {
  rejectUnknownKeys('oracle', options, KEYS);
  const { windowMs = 5_000, objectiveMs = DEFAULT_OBJECTIVE_MS, spawnDelayMs = 150 } = options;
  const workers = (option: 'min' | 'max' | 'initial', fallback: number, from: number, to: number) =>
    requireInteger({ option: `oracle.${option}` }, options[option] ?? fallback, from, to);
  const min = workers('min', 1, 1, MAX_WORKERS);
  const max = workers('max', Math.max(min, 64), min, MAX_WORKERS);
  return {
    windowMs: requireDuration({ option: 'oracle.windowMs' }, windowMs),
    objectiveMs: requireDuration({ option: 'oracle.objectiveMs' }, objectiveMs),
    min,
    max,
    initial: workers('initial', Math.min(max, Math.max(min, 2)), min, max),
    spawnDelayMs: spawnDelayMs === 0 ? 0 : requireDuration({ option: 'oracle.spawnDelayMs' }, spawnDelayMs),
  };
}

/** Share of tasks that may miss the objective, in percent. */
export function requireMissPct(value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value <= 100) return value;
  throw refusal({ option: 'missPct' }, value, 'a percentage from 0 to 100');
}
