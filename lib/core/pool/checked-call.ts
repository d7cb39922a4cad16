import type { RunOptions } from '../contract/run-options.js';
import { TaskCloneError } from '../errors.js';
import { PRIORITY_LEVELS } from '../queue/priority-queue.js';
import { refusal, rejectUnknownKeys, requireDuration, requireInteger, requireObject } from '../validate.js';
import { checkRetries } from './check-retries.js';
import type { ResolvedPoolOptions } from './resolve-options.js';
import type { CallSettings, TaskRequest } from './task.js';

const RUN_OPTIONS: readonly (keyof RunOptions)[] = [
  'signal',
  'timeoutMs',
  'queueTimeoutMs',
  'priority',
  'tenant',
  'transfer',
  'idempotent',
  'retries',
];
/** Retries of an idempotent task that says no number. */
const RETRIES = 2;
const NONE: readonly never[] = [];

/** Settings of a call that asks for nothing. */
export function defaultSettings({ taskTimeoutMs, queueTimeoutMs }: ResolvedPoolOptions): CallSettings {
  return Object.freeze({
    transfer: undefined,
    signals: NONE,
    signalArgs: NONE,
    priority: 0,
    tenant: '',
    timeoutMs: taskTimeoutMs,
    queueTimeoutMs,
    idempotent: false,
    retries: 0,
  });
}

/** What calls of one pool have in common. */
export interface CallDesk {
  readonly options: ResolvedPoolOptions;
  /** `defaultSettings` of the options, as they are now. */
  defaults: CallSettings;
  /** The engine's. */
  readonly capture: (() => unknown) | undefined;
}

/**
 * Checks one call.
 * @throws PoolConfigError, TaskCloneError, and what `capture` throws.
 */
export function checkedCall(
  { options: pool, defaults, capture }: CallDesk,
  name: string,
  args: readonly unknown[],
  options: RunOptions | undefined,
): TaskRequest {
  if (typeof name !== 'string') throw refusal({ pool: pool.name, option: 'run(task)' }, name, 'the name of a task');
  if (!Array.isArray(args)) {
    throw refusal({ pool: pool.name, option: `run('${name}', args)` }, args, 'an array of the arguments');
  }
  if (options !== undefined) checkRunOptions(pool.name, options);
  const signalArgs = findSignals(pool.name, name, args);
  const isPlain = options === undefined && signalArgs === NONE;
  return {
    name,
    args,
    context: capture?.(),
    settings: isPlain ? defaults : settingsOf(defaults, args, signalArgs, options),
  };
}

function settingsOf(
  defaults: CallSettings,
  args: readonly unknown[],
  signalArgs: readonly number[],
  options: RunOptions = {},
): CallSettings {
  return {
    transfer: options.transfer,
    signals: signalsOf(args, signalArgs, options.signal),
    signalArgs,
    priority: options.priority ?? defaults.priority,
    tenant: options.tenant ?? defaults.tenant,
    timeoutMs: options.timeoutMs ?? defaults.timeoutMs,
    queueTimeoutMs: options.queueTimeoutMs ?? defaults.queueTimeoutMs,
    idempotent: options.idempotent ?? false,
    retries: options.idempotent ? (options.retries ?? RETRIES) : 0,
  };
}

function checkRunOptions(pool: string, options: RunOptions): void {
  requireObject({ pool, option: 'the options of run()' }, options);
  rejectUnknownKeys('run()', options, RUN_OPTIONS, pool);
  const { signal, timeoutMs, queueTimeoutMs, priority, tenant, transfer } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw refusal({ pool, option: 'signal' }, signal, 'an AbortSignal');
  }
  if (transfer !== undefined && !Array.isArray(transfer)) {
    throw refusal({ pool, option: 'transfer' }, transfer, 'an array of transferable objects');
  }
  if (priority !== undefined) requireInteger({ pool, option: 'priority' }, priority, 0, PRIORITY_LEVELS - 1);
  if (tenant !== undefined && typeof tenant !== 'string') throw refusal({ pool, option: 'tenant' }, tenant, 'a string');
  if (timeoutMs !== undefined) requireDuration({ pool, option: 'timeoutMs' }, timeoutMs);
  if (queueTimeoutMs !== undefined) requireDuration({ pool, option: 'queueTimeoutMs' }, queueTimeoutMs);
  checkRetries((option) => ({ pool, option }), options);
}

/** Looked for once, here: what is no signal now must not be looked at again when the task is sent. */
function findSignals(pool: string, task: string, args: readonly unknown[]): readonly number[] {
  let found: readonly number[] = NONE;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index];
    if (typeof arg !== 'object' || arg === null) continue;
    try {
      if (arg instanceof AbortSignal) found = [...found, index];
    } catch (cause) {
      const path = `args[${index}]`;
      throw new TaskCloneError(
        `pool '${pool}', task '${task}': ${path} is a revoked Proxy, which nobody can read. Pass a copy of what it stood for.`,
        { pool, path, cause },
      );
    }
  }
  return found;
}

function signalsOf(
  args: readonly unknown[],
  indexes: readonly number[],
  signal: AbortSignal | undefined,
): readonly AbortSignal[] {
  if (indexes.length === 0) return signal ? [signal] : NONE;
  const all = indexes.map((index) => args[index] as AbortSignal);
  return [...new Set(signal ? [...all, signal] : all)];
}
