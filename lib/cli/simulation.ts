import { basename } from 'node:path';
import type { Policy } from '../core/scaling/scaling-options.js';
import { suggest } from '../core/validate.js';
import {
  fittedShape,
  type LoadShape,
  meanRate,
  poissonWorkload,
  readTrace,
  SHAPE_NAMES,
  traceShape,
} from '../simulator/load/index.js';
import { simulate } from '../simulator/simulate.js';
import type { SimulationResult } from '../simulator/simulation-result.js';
import type { Workload } from '../simulator/workload.js';
import { type OptionValues, UsageError } from './command.js';
import { contentOf, readPolicy } from './read-policy.js';
import { readDurationMs, readNumber } from './read-values.js';
import { quantity } from './text/quantities.js';

/** What `simulate --json` prints. */
export interface SimulationReport {
  readonly load: string;
  readonly policy: string;
  readonly seed: number;
  readonly minutes: number;
  readonly objectiveMs: number;
  readonly tasks: number;
  /** Share of the tasks that waited longer than the objective, or were dropped, 0..1. */
  readonly lateShare: number;
  readonly dropped: number;
  readonly meanWaitMs: number;
  readonly p99WaitMs: number;
  readonly workerSeconds: number;
  readonly meanSize: number;
  readonly largestSize: number;
  readonly resizes: number;
  readonly reversals: number;
  /** What parts of the policy threw. */
  readonly faults: readonly string[];
}

export interface Simulated {
  readonly workload: Workload;
  readonly result: SimulationResult;
  readonly report: SimulationReport;
}

const DEFAULT_PEAK = 200;
const DEFAULT_MINUTES = 10;
const DEFAULT_MEAN = 80;
const DEFAULT_OBJECTIVE_MS = 100;
/** `course` goes by how full the queue is: as many as 64 workers of 50 ms clear within 100 ms. */
const COURSE_QUEUE = 128;
/** A day. */
const MOST_MINUTES = 1_440;
/** More do not fit into memory. */
const MOST_TASKS = 20_000_000;
const MINUTE_MS = 60_000;

/** Runs what the options say. Figures are those of any machine: the same options give the same. */
export function simulated(values: OptionValues): Simulated {
  const seed = readNumber(values, 'seed') ?? 1;
  const policy: Policy = readPolicy('policy', String(values.policy ?? 'balanced'));
  const objectiveMs = readDurationMs(values, 'objective') ?? DEFAULT_OBJECTIVE_MS;
  const workload = poissonWorkload(bearable(shapeOf(values, seed)), {
    seed,
    meanMs: readDurationMs(values, 'service'),
    cv: readNumber(values, 'cv'),
  });
  const result = simulate(workload, {
    scaling: { policy, objectiveMs },
    min: readNumber(values, 'min'),
    max: readNumber(values, 'max'),
    spawnDelayMs: readDurationMs(values, 'boot'),
    queueCapacity: readNumber(values, 'queue') ?? (policy === 'course' ? COURSE_QUEUE : undefined),
    seed,
  });
  return { workload, result, report: reportOf(workload, result, { policy, seed, objectiveMs }) };
}

function shapeOf(values: OptionValues, seed: number): LoadShape {
  const minutes = readNumber(values, 'minutes');
  if (minutes !== undefined && !(minutes > 0 && minutes <= MOST_MINUTES)) {
    throw new UsageError(`--minutes is ${minutes}, but must be a number above 0 and up to ${MOST_MINUTES}.`);
  }
  if (values.trace === undefined) return named(values, seed, (minutes ?? DEFAULT_MINUTES) * MINUTE_MS);
  const other = ['load', 'peak', 'base'].find((name) => values[name] !== undefined);
  if (other !== undefined) throw new UsageError(`--${other} means nothing beside --trace; --mean sets the rate.`);
  const file = String(values.trace);
  const trace = readTrace(contentOf('trace', file), { name: basename(file) });
  const shape = traceShape(trace, { meanPerSecond: readNumber(values, 'mean') ?? DEFAULT_MEAN });
  return minutes === undefined ? shape : { ...shape, durationMs: Math.min(shape.durationMs, minutes * MINUTE_MS) };
}

function bearable(shape: LoadShape): LoadShape {
  const tasks = (meanRate(shape) * shape.durationMs) / 1_000;
  if (tasks <= MOST_TASKS) return shape;
  throw new UsageError(
    `That is ${quantity(tasks)} tasks, and more than ${quantity(MOST_TASKS)} are too many: fewer minutes, or a lower rate.`,
  );
}

function named(values: OptionValues, seed: number, durationMs: number): LoadShape {
  if (values.mean !== undefined) throw new UsageError('--mean goes with --trace; --peak sets the rate of a load.');
  const given = String(values.load ?? 'ramp');
  const name = SHAPE_NAMES.find((each) => each === given);
  if (name === undefined) {
    throw new UsageError(
      `There is no load '${given}'.${suggest(given, SHAPE_NAMES)} Loads: ${SHAPE_NAMES.join(', ')}.`,
    );
  }
  const peakPerSecond = readNumber(values, 'peak') ?? DEFAULT_PEAK;
  return fittedShape(name, { peakPerSecond, basePerSecond: readNumber(values, 'base'), durationMs, seed });
}

function reportOf(
  workload: Workload,
  result: SimulationResult,
  { policy, seed, objectiveMs }: { readonly policy: Policy; readonly seed: number; readonly objectiveMs: number },
): SimulationReport {
  return {
    load: workload.name,
    policy: typeof policy === 'string' ? policy : JSON.stringify(policy),
    seed,
    minutes: workload.durationMs / MINUTE_MS,
    objectiveMs,
    tasks: result.tasks,
    lateShare: result.missPct / 100,
    dropped: result.dropped,
    meanWaitMs: result.meanWaitMs,
    p99WaitMs: result.p99WaitMs,
    workerSeconds: result.workerMs / 1_000,
    meanSize: result.workerMs / workload.durationMs,
    largestSize: result.sizes.reduce((most, { size }) => Math.max(most, size), 0),
    resizes: result.resizes.length,
    reversals: result.reversals,
    faults: [...new Set(result.faults)],
  };
}
