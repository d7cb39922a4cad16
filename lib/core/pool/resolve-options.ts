import type { PoolKind, PoolOptions, WorkerOptions } from '../contract/pool-options.js';
import { PoolConfigError } from '../errors.js';
import { nameCarriers, type NamedCarrier } from '../named-carriers.js';
import { QUEUE_ORDERS, type QueueOrder } from '../queue/create-queue.js';
import { DEFAULT_OBJECTIVE_MS } from '../scaling/policy-context.js';
import { resolveScaling, type ResolvedScaling } from '../scaling/resolve-scaling.js';
import { usableCores } from '../usable-cores.js';
import {
  refusal,
  rejectUnknownKeys,
  requireDuration,
  requireInteger,
  requireObject,
  requireOneOf,
  type Place,
} from '../validate.js';

/** Most workers a pool may have. */
export const MAX_WORKERS = 1_024;

/** Most threads kept booted beyond the size. */
const MAX_SPARES = 16;

const OVERFLOW_POLICIES = ['reject', 'wait', 'drop-oldest', 'caller-runs'] as const;

export type OverflowPolicy = (typeof OVERFLOW_POLICIES)[number];

/** `PoolOptions`, checked and with every default filled in. Durations are milliseconds; `null` is "none". */
export interface ResolvedPoolOptions {
  readonly name: string;
  readonly kind: PoolKind;
  readonly tasks: PoolOptions['tasks'];
  readonly min: number;
  readonly max: number;
  readonly initial: number;
  readonly queueCapacity: number;
  readonly overflow: OverflowPolicy;
  readonly waitMs: number | null;
  readonly order: QueueOrder;
  readonly weights: Readonly<Record<string, number>>;
  readonly idleExpiryMs: number;
  readonly taskTimeoutMs: number | null;
  readonly queueTimeoutMs: number | null;
  readonly abortGraceMs: number;
  /** Workers that a task may cost; infinite: any number. */
  readonly quarantineAfter: number;
  /** 0: no task runs inline. */
  readonly inlineBelowMs: number;
  readonly concurrency: number;
  readonly parking: boolean;
  /** Threads kept booted beyond the size. */
  readonly spares: number;
  readonly recycle: { readonly afterTasks: number; readonly aboveHeapMb: number; readonly afterMs: number };
  readonly thread: Pick<WorkerOptions, 'resourceLimits' | 'env' | 'execArgv'>;
  readonly context: readonly NamedCarrier[];
  /** Waits longer than this are late, milliseconds. */
  readonly objectiveMs: number;
  /** `null`: no autoscaler. */
  readonly scaling: ResolvedScaling | null;
  readonly windowMs: number;
  readonly sampleEvery: number;
}

const KEYS = {
  pool: [
    'name',
    'kind',
    'tasks',
    'size',
    'queue',
    'idleExpiryMs',
    'taskTimeoutMs',
    'queueTimeoutMs',
    'abortGraceMs',
    'inlineBelowUs',
    'worker',
    'quarantine',
    'stats',
    'scaling',
    'context',
    'budget',
  ],
  size: ['min', 'max', 'initial'],
  queue: ['capacity', 'overflow', 'waitMs', 'order', 'weights'],
  worker: ['concurrency', 'parking', 'spares', 'resourceLimits', 'env', 'execArgv', 'recycle'],
  recycle: ['afterTasks', 'aboveHeapMb', 'afterMs'],
  quarantine: ['afterCrashes'],
  stats: ['windowMs', 'sampleEvery'],
  resourceLimits: ['maxYoungGenerationSizeMb', 'maxOldGenerationSizeMb', 'codeRangeSizeMb', 'stackSizeMb'],
} as const;

/**
 * Checks the options of a pool and fills in the defaults; the one place where they stand.
 * @throws PoolConfigError that names the pool, the option, the value and what is allowed.
 */
export function resolvePoolOptions(options: PoolOptions): ResolvedPoolOptions {
  requireObject({ option: 'the options of createPool' }, options);
  const name = requireName(options.name);
  const at = (option: string): Place => ({ pool: name, option });
  const group = <K extends 'size' | 'queue' | 'worker' | 'stats'>(key: K): NonNullable<PoolOptions[K]> => {
    const value = requireObject(at(key), options[key] ?? {});
    rejectUnknownKeys(key, value, KEYS[key], name);
    return value as NonNullable<PoolOptions[K]>;
  };
  rejectUnknownKeys('the pool', options, KEYS.pool, name);
  const kind = requireOneOf(at('kind'), options.kind ?? 'threads', ['threads', 'async']);
  const [queue, worker, stats] = [group('queue'), group('worker'), group('stats')];
  const recycle = requireObject(at('worker.recycle'), worker.recycle ?? {});
  rejectUnknownKeys('worker.recycle', recycle, KEYS.recycle, name);
  const scaling = resolveScaling(options.scaling, kind === 'threads' ? 'balanced' : 'adaptive', name);

  const count = (option: string, value: number | undefined, fallback: number, to = Number.MAX_SAFE_INTEGER) =>
    value === undefined ? fallback : requireInteger(at(option), value, 1, to);
  const duration = <F>(option: string, value: number | undefined, fallback: F) =>
    value === undefined ? fallback : requireDuration(at(option), value);

  return Object.freeze({
    name,
    kind,
    tasks: options.tasks,
    ...resolveSize(name, kind, group('size')),
    queueCapacity: count('queue.capacity', queue.capacity, 10_000),
    overflow: requireOneOf(at('queue.overflow'), queue.overflow ?? 'reject', OVERFLOW_POLICIES),
    waitMs: duration('queue.waitMs', queue.waitMs, null),
    order: requireOneOf(at('queue.order'), queue.order ?? 'fifo', QUEUE_ORDERS),
    weights: checkedWeights(name, queue.weights),
    idleExpiryMs: duration('idleExpiryMs', options.idleExpiryMs, 30_000),
    taskTimeoutMs: duration('taskTimeoutMs', options.taskTimeoutMs, null),
    queueTimeoutMs: duration('queueTimeoutMs', options.queueTimeoutMs, null),
    abortGraceMs: duration('abortGraceMs', options.abortGraceMs, 1_000),
    quarantineAfter: checkedQuarantine(name, options.quarantine),
    inlineBelowMs: duration('inlineBelowUs', options.inlineBelowUs, 0) / 1_000,
    concurrency: count('worker.concurrency', worker.concurrency, 1, MAX_WORKERS),
    parking: checkedParking(name, kind, worker),
    spares: checkedSpares(name, kind, worker),
    recycle: {
      afterTasks: count('worker.recycle.afterTasks', worker.recycle?.afterTasks, Infinity),
      aboveHeapMb: count('worker.recycle.aboveHeapMb', worker.recycle?.aboveHeapMb, Infinity),
      afterMs: duration('worker.recycle.afterMs', worker.recycle?.afterMs, Infinity),
    },
    thread: checkedThread(name, worker),
    context: checkedContext(name, kind, options.context),
    objectiveMs: scaling?.objectiveMs ?? DEFAULT_OBJECTIVE_MS,
    scaling,
    windowMs: duration('stats.windowMs', stats.windowMs, 10_000),
    sampleEvery: count('stats.sampleEvery', stats.sampleEvery, 1),
  });
}

function checkedWeights(pool: string, weights: unknown = {}): Readonly<Record<string, number>> {
  const checked = requireObject({ pool, option: 'queue.weights' }, weights);
  for (const [tenant, weight] of Object.entries(checked)) {
    if (typeof weight === 'number' && weight > 0 && weight < Infinity) continue;
    throw refusal({ pool, option: `queue.weights.${tenant}` }, weight, 'a finite number above 0');
  }
  return { ...(checked as Record<string, number>) };
}

function checkedContext(pool: string, kind: PoolKind, context: unknown = []): readonly NamedCarrier[] {
  const place = { pool, option: 'context' };
  if (!Array.isArray(context)) throw refusal(place, context, 'an array of carriers');
  if (kind === 'threads' || context.length === 0) return nameCarriers(place, context);
  throw refusal(
    place,
    context,
    "left out for kind 'async': tasks run on this event loop, where AsyncLocalStorage follows them by itself",
  );
}

function checkedParking(pool: string, kind: PoolKind, { parking = false, concurrency = 1 }: WorkerOptions): boolean {
  const place = { pool, option: 'worker.parking' };
  if (typeof parking !== 'boolean') throw refusal(place, parking, 'true or false');
  if (parking && kind === 'async') throw refusal(place, parking, "false for kind 'async', which has no threads");
  if (parking && concurrency > 1) {
    throw refusal(
      place,
      parking,
      `false with worker.concurrency ${concurrency}: tasks that await need their event loop`,
    );
  }
  return parking;
}

function checkedQuarantine(pool: string, quarantine: unknown = {}): number {
  if (quarantine === false) return Infinity;
  const checked = requireObject({ pool, option: 'quarantine' }, quarantine);
  rejectUnknownKeys('quarantine', checked, KEYS.quarantine, pool);
  const { afterCrashes = 3 } = checked;
  return requireInteger({ pool, option: 'quarantine.afterCrashes' }, afterCrashes, 1, Number.MAX_SAFE_INTEGER);
}

function checkedSpares(pool: string, kind: PoolKind, { spares = 0 }: WorkerOptions): number {
  const place = { pool, option: 'worker.spares' };
  requireInteger(place, spares, 0, MAX_SPARES, '; each is a whole thread');
  if (spares > 0 && kind === 'async') throw refusal(place, spares, "0 for kind 'async', whose slots start at once");
  return spares;
}

function checkedThread(name: string, worker: WorkerOptions): ResolvedPoolOptions['thread'] {
  const { resourceLimits, env, execArgv } = worker;
  if (resourceLimits !== undefined) checkResourceLimits(name, resourceLimits);
  if (env !== undefined) requireObject({ pool: name, option: 'worker.env' }, env);
  if (execArgv !== undefined && !(Array.isArray(execArgv) && execArgv.every((arg) => typeof arg === 'string'))) {
    throw refusal({ pool: name, option: 'worker.execArgv' }, execArgv, 'an array of strings');
  }
  return { resourceLimits, env, execArgv };
}

/** Node.js would leave out what it does not know, and the thread would have no limit. */
function checkResourceLimits(pool: string, limits: object): void {
  const option = 'worker.resourceLimits';
  rejectUnknownKeys(option, requireObject({ pool, option }, limits), KEYS.resourceLimits, pool);
  for (const [key, value] of Object.entries(limits)) {
    if (value === undefined || (typeof value === 'number' && value > 0)) continue;
    throw refusal({ pool, option: `${option}.${key}` }, value, 'a number of mebibytes above 0');
  }
}

function resolveSize(name: string, kind: PoolKind, size: NonNullable<PoolOptions['size']>) {
  const bound = (key: 'min' | 'max' | 'initial') =>
    size[key] === undefined
      ? undefined
      : requireInteger({ pool: name, option: `size.${key}` }, size[key], 1, MAX_WORKERS, zeroRemark(size[key]));
  const min = bound('min') ?? 1;
  const max = bound('max') ?? defaultMax(name, kind, Math.max(min, bound('initial') ?? 1));
  const initial = bound('initial') ?? min;
  if (min > max) throw refusal({ pool: name, option: 'size.min' }, min, `at most size.max, which is ${max}`);
  if (initial < min || initial > max) {
    throw refusal({ pool: name, option: 'size.initial' }, initial, `from size.min to size.max, ${min} to ${max}`);
  }
  return { min, max, initial };
}

/** Threads beyond the usable cores only lengthen each task, so that is the default; a larger `min` is the user's word. */
function defaultMax(name: string, kind: PoolKind, atLeast: number): number {
  if (kind === 'threads') return Math.max(atLeast, Math.min(usableCores(), MAX_WORKERS));
  throw new PoolConfigError(
    `pool '${name}': size.max is required for kind 'async'. Set it to the most calls that may wait for I/O at once, 1 to ${MAX_WORKERS}.`,
    { pool: name },
  );
}

function zeroRemark(value: unknown): string {
  if (value === 0) return '; pause() is the only way to zero workers';
  return value === Infinity ? "; 'unlimited' does not exist" : '';
}

function requireName(name: unknown): string {
  if (typeof name === 'string' && name.trim() !== '') return name;
  throw refusal({ option: 'name' }, name, 'a non-empty string that names the pool');
}
