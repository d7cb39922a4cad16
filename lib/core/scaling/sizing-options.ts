import { usableCores } from '../usable-cores.js';
import { refusal, rejectUnknownKeys, requireDuration, requireObject, requireOneOf } from '../validate.js';

/** What the calculator goes by. */
export interface SizingOptions {
  /** Tasks per second: what is usual and what is most, or one figure for both. */
  readonly arrivalsPerSecond: number | { readonly typical: number; readonly peak: number };
  /** Mean service time, milliseconds. */
  readonly serviceMs: number;
  /** Coefficient of variation of the service times, standard deviation over mean. Default 1; 0 where all are the same. */
  readonly serviceCv?: number;
  /** The wait that most tasks stay within, milliseconds. Default 100. */
  readonly objectiveMs?: number;
  /** Share of tasks that may wait longer, above 0 and below 1. Default 0.01. */
  readonly late?: number;
  /** Squared coefficient of variation of the times between arrivals. Default 1: they come independently (Poisson). */
  readonly arrivalCv2?: number;
  /** What a worker takes to start, milliseconds. Left out, nothing is said of sudden jumps. */
  readonly bootMs?: number;
  /** 'threads' (default) for work that computes, 'async' for work that waits and that no number of cores holds up. */
  readonly kind?: 'threads' | 'async';
  /** Cores that threads share. Default: those that this process may use. */
  readonly cores?: number;
}

/** The options with their defaults. */
export interface CheckedSizing {
  readonly typical: number;
  readonly peak: number;
  readonly serviceMs: number;
  readonly serviceCv: number;
  readonly objectiveMs: number;
  readonly late: number;
  readonly arrivalCv2: number;
  readonly bootMs: number | null;
  /** `null` where cores do not matter. */
  readonly cores: number | null;
}

const KEYS = [
  'arrivalsPerSecond',
  'serviceMs',
  'serviceCv',
  'objectiveMs',
  'late',
  'arrivalCv2',
  'bootMs',
  'kind',
  'cores',
];
/** Beyond this many busy workers there is a mistake in a unit. */
const MOST_LOAD = 1_000_000;

/** @throws PoolConfigError that names the option, its value and what is allowed. */
export function checkedSizing(options: SizingOptions): CheckedSizing {
  const given = requireObject({ option: 'options' }, options);
  rejectUnknownKeys('calculateSize', given, KEYS);
  const { typical, peak } = rates(given.arrivalsPerSecond);
  const serviceMs = requireDuration({ option: 'serviceMs' }, given.serviceMs);
  if ((peak * serviceMs) / 1000 > MOST_LOAD) {
    const allowed = `at most ${MOST_LOAD * 1000} divided by serviceMs (${serviceMs}): a million workers at work all the time`;
    throw refusal({ option: 'arrivalsPerSecond' }, peak, allowed);
  }
  const kind = requireOneOf({ option: 'kind' }, given.kind ?? 'threads', ['threads', 'async']);
  const cores = given.cores === undefined ? null : positive('cores', given.cores);
  return {
    typical,
    peak,
    serviceMs,
    serviceCv: notNegative('serviceCv', given.serviceCv ?? 1),
    objectiveMs: requireDuration({ option: 'objectiveMs' }, given.objectiveMs ?? 100),
    late: share('late', given.late ?? 0.01),
    arrivalCv2: notNegative('arrivalCv2', given.arrivalCv2 ?? 1),
    bootMs: given.bootMs === undefined ? null : notNegative('bootMs', given.bootMs),
    cores: kind === 'async' ? null : (cores ?? usableCores()),
  };
}

function rates(given: unknown): { typical: number; peak: number } {
  if (typeof given !== 'object') {
    const rate = positive('arrivalsPerSecond', given);
    return { typical: rate, peak: rate };
  }
  const both = requireObject({ option: 'arrivalsPerSecond' }, given);
  rejectUnknownKeys('arrivalsPerSecond', both, ['typical', 'peak']);
  const typical = notNegative('arrivalsPerSecond.typical', both.typical);
  const peak = positive('arrivalsPerSecond.peak', both.peak);
  if (typical <= peak) return { typical, peak };
  throw refusal({ option: 'arrivalsPerSecond.peak' }, peak, `at least arrivalsPerSecond.typical, ${typical}`);
}

function positive(option: string, value: unknown): number {
  if (isFiniteNumber(value) && value > 0) return value;
  throw refusal({ option }, value, 'a finite number above 0');
}

function notNegative(option: string, value: unknown): number {
  if (isFiniteNumber(value) && value >= 0) return value;
  throw refusal({ option }, value, 'a finite number, 0 or more');
}

function share(option: string, value: unknown): number {
  if (isFiniteNumber(value) && value > 0 && value < 1) return value;
  throw refusal({ option }, value, 'a number above 0 and below 1');
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
