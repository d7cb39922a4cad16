import { PoolConfigError } from '../core/errors.js';
import { MAX_WORKERS } from '../core/pool/resolve-options.js';
import type { NextTimesOf } from '../core/scaling/forecasts/next-times.js';
import type { ResolvedScaling } from '../core/scaling/resolve-scaling.js';
import {
  refusal,
  rejectUnknownKeys,
  requireDuration,
  requireInteger,
  requireObject,
  type Place,
} from '../core/validate.js';
import { resolveBreaker, type ResolvedBreaker } from './breaker-options.js';
import { scalingOf } from './simulated-policy.js';
import type { SimulationOptions } from './simulation-options.js';

/** Options of a simulation after checking, defaults filled in. */
export interface ResolvedSimulation {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly initial: number;
  readonly spawnDelayMs: number;
  readonly queueCapacity: number;
  readonly serviceFactor: ((atMs: number) => number) | null;
  readonly breaker: ResolvedBreaker | null;
  readonly scaling: ResolvedScaling;
  /** Whether the size is constant: nothing decides on it. */
  readonly isConstant: boolean;
  readonly startsAt: number;
  readonly cron: NextTimesOf | null;
  readonly seed: number | null;
}

const DEFAULT_MAX = 64;
const DEFAULT_INITIAL = 2;
/** A thread with a few classes boots in about that time. */
const DEFAULT_SPAWN_DELAY_MS = 150;

const KEYS = [
  'name',
  'scaling',
  'decider',
  'guards',
  'size',
  'min',
  'max',
  'initial',
  'spawnDelayMs',
  'queueCapacity',
  'serviceFactor',
  'breaker',
  'seed',
  'startsAt',
  'cron',
];

/**
 * Checks the options of a simulation and fills in the defaults; the one place where they stand.
 * @throws PoolConfigError that names the option, the value and what is allowed.
 */
export function resolveSimulation(options: SimulationOptions, workload: string): ResolvedSimulation {
  requireObject({ option: 'the options of simulate' }, options);
  rejectUnknownKeys('simulate', options, KEYS);
  const { name = workload, serviceFactor, queueCapacity = Infinity, spawnDelayMs = DEFAULT_SPAWN_DELAY_MS } = options;
  if (typeof name !== 'string' || name === '') throw refusal({ option: 'name' }, name, 'a non-empty string');
  if (serviceFactor !== undefined && typeof serviceFactor !== 'function') {
    throw refusal({ option: 'serviceFactor' }, serviceFactor, 'a function of the time');
  }
  const at = (option: string): Place => ({ pool: name, option });
  return {
    name,
    ...resolveSize(options, at),
    spawnDelayMs: spawnDelayMs === 0 ? 0 : requireDuration(at('spawnDelayMs'), spawnDelayMs),
    queueCapacity:
      queueCapacity === Infinity
        ? Infinity
        : requireInteger(at('queueCapacity'), queueCapacity, 1, Number.MAX_SAFE_INTEGER),
    serviceFactor: serviceFactor ?? null,
    breaker: options.breaker === undefined ? null : resolveBreaker(options.breaker, at),
    scaling: scalingOf(options, name),
    isConstant: options.size !== undefined,
    startsAt: requireFinite(at('startsAt'), options.startsAt ?? 0),
    cron: options.cron ?? null,
    seed: options.seed === undefined ? null : requireFinite(at('seed'), options.seed),
  };
}

function resolveSize(options: SimulationOptions, at: (option: string) => Place) {
  const { size, decider, guards, scaling } = options;
  const policy = typeof scaling === 'string' ? scaling : scaling?.policy;
  const bound = (option: 'min' | 'max' | 'initial' | 'size', fallback: number) =>
    requireInteger(at(option), options[option] ?? fallback, 1, MAX_WORKERS);
  if (size !== undefined) {
    const others = [decider, guards, policy, options.min, options.max, options.initial];
    if (others.some((other) => other !== undefined)) {
      throw new PoolConfigError(
        'size is constant, so that policy, decider, guards, min, max and initial have no effect. Leave out either.',
      );
    }
    const constant = bound('size', 1);
    return { min: constant, max: constant, initial: constant };
  }
  const min = bound('min', 1);
  const max = bound('max', Math.max(min, DEFAULT_MAX));
  const initial = bound('initial', Math.max(min, Math.min(max, DEFAULT_INITIAL)));
  if (min > max) throw refusal(at('min'), min, `at most max, which is ${max}`);
  if (initial < min || initial > max) throw refusal(at('initial'), initial, `from min to max, ${min} to ${max}`);
  return { min, max, initial };
}

function requireFinite(place: Place, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw refusal(place, value, 'a finite number');
}
