import { requireCores } from '../../usable-cores.js';
import { requireDuration, requireInteger, requireOneOf, refusal, type Place } from '../../validate.js';
import type { Signal } from '../contract.js';
import type { ProcessSampler } from '../process/process-sampler.js';
import { dispersionSignal } from './arrival-dispersion.js';
import { breakerSignal, type CircuitBreaker } from './breaker-signal.js';
import { ewmaSignal, type Smoothing } from './ewma-signal.js';
import { memorySignal } from './memory-signals.js';
import { processSignal, type ProcessMeasure } from './process-signals.js';
import { arrivalRateSignal, errorRateSignal, throughputSignal } from './rate-signals.js';
import { queueDepthSignal, utilizationSignal, waitSignal } from './reading-signals.js';
import { serviceSignal, type ServiceMeasure } from './service-signals.js';
import { loopDelaySignal, loopUtilizationSignal, type Over } from './worker-loop-signals.js';

/** What a type of signal is built from: its fields, not yet checked, and what the builder knows. */
export interface SignalParts {
  readonly fields: Readonly<Record<string, unknown>>;
  /** Where a field stands, for messages. */
  place(field: string): Place;
  readonly sampler: ProcessSampler;
  readonly cores: number | undefined;
  /** Builds a signal that is part of this one, from the field. */
  inner(field: string): Signal;
}

/** A type of signal: the fields it takes besides `type`, and how it is built of them. */
export interface SignalType {
  readonly fields: readonly string[];
  build(parts: SignalParts): Signal;
}

/** The types that need nothing but the core. */
export const SIGNAL_TYPES: Readonly<Record<string, SignalType>> = {
  'queue-depth': { fields: [], build: queueDepthSignal },
  utilization: { fields: [], build: utilizationSignal },
  wait: {
    fields: ['quantile'],
    build: (parts) => waitSignal(choice(parts, 'quantile', ['p99', 'mean', 'p50', 'oldest'])),
  },
  service: {
    fields: ['measure', 'completions'],
    build: (parts) =>
      serviceSignal(
        choice<ServiceMeasure>(parts, 'measure', ['mean', 'scv']),
        optional(parts, 'completions', (place, value) => requireInteger(place, value, 2, 1_000_000)),
      ),
  },
  'arrival-rate': { fields: ['windowMs'], build: (parts) => arrivalRateSignal(duration(parts, 'windowMs')) },
  throughput: { fields: ['windowMs'], build: (parts) => throughputSignal(duration(parts, 'windowMs')) },
  'error-rate': { fields: ['windowMs'], build: (parts) => errorRateSignal(duration(parts, 'windowMs')) },
  'arrival-dispersion': { fields: [], build: dispersionSignal },
  ewma: {
    fields: ['of', 'halfLifeMs', 'alpha'],
    build: (parts) => {
      const smoothing = smoothingOf(parts);
      return ewmaSignal(parts.inner('of'), smoothing);
    },
  },
  breaker: { fields: ['breaker'], build: (parts) => breakerSignal(requireBreaker(parts)) },
  'loop-utilization': {
    fields: ['over'],
    build: (parts) => loopUtilizationSignal(choice<Over>(parts, 'over', ['mean', 'max'])),
  },
  'loop-delay': { fields: ['over'], build: (parts) => loopDelaySignal(choice<Over>(parts, 'over', ['max', 'mean'])) },
  cpu: ofCores('cpu'),
  'usable-cores': ofCores('usable-cores'),
  throttling: ofProcess('throttling'),
  'run-queue': ofProcess('run-queue'),
  'main-loop': ofProcess('main-loop'),
  memory: {
    fields: ['measure', 'workerMb'],
    build: (parts) =>
      memorySignal(choice(parts, 'measure', ['headroom', 'at-max']), parts.sampler, {
        workerMb: optional(parts, 'workerMb', requireAmount),
      }),
  },
};

function ofProcess(measure: ProcessMeasure): SignalType {
  return { fields: [], build: ({ sampler, cores }) => processSignal(measure, sampler, cores) };
}

/** Of the process, by its cores: `cores` says how many there are where the machine does not tell it right. */
function ofCores(measure: 'cpu' | 'usable-cores'): SignalType {
  return {
    fields: ['cores'],
    build: (parts) => processSignal(measure, parts.sampler, optional(parts, 'cores', requireCores) ?? parts.cores),
  };
}

/** One of some words, the first by default. */
function choice<T extends string>(parts: SignalParts, field: string, words: readonly [T, ...T[]]): T {
  return optional(parts, field, (place, value) => requireOneOf(place, value, words)) ?? words[0];
}

function duration(parts: SignalParts, field: string): number | undefined {
  return optional(parts, field, requireDuration);
}

function optional<T>({ fields, place }: SignalParts, field: string, check: (place: Place, value: unknown) => T) {
  return fields[field] === undefined ? undefined : check(place(field), fields[field]);
}

function requireAmount(place: Place, value: unknown): number {
  if (typeof value === 'number' && value > 0 && value < Infinity) return value;
  throw refusal(place, value, 'a number of mebibytes above 0');
}

function smoothingOf(parts: SignalParts): Smoothing {
  const halfLifeMs = duration(parts, 'halfLifeMs');
  const alpha = optional(parts, 'alpha', requireWeight);
  if (alpha === undefined && halfLifeMs !== undefined) return { halfLifeMs };
  if (alpha !== undefined && halfLifeMs === undefined) return { alpha };
  const both = alpha === undefined ? undefined : 'both halfLifeMs and alpha';
  throw refusal(parts.place('halfLifeMs'), both, 'set, or else alpha, and not both');
}

function requireWeight(place: Place, value: unknown): number {
  if (typeof value === 'number' && value > 0 && value <= 1) return value;
  throw refusal(place, value, 'a number above 0 and up to 1');
}

function requireBreaker({ fields, place }: SignalParts): CircuitBreaker {
  const { breaker } = fields;
  if (typeof breaker === 'object' && breaker !== null && 'state' in breaker) return breaker as CircuitBreaker;
  throw refusal(place('breaker'), breaker, "an object whose state is 'closed', 'open' or 'half-open'");
}
