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
  'onProgress',
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
    onProgress: undefined,
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
  method: 'run' | 'stream' = 'run',
): TaskRequest {
  if (typeof name !== 'string') {
    throw refusal({ pool: pool.name, option: `${method}(task)` }, name, 'the name of a task');
  }
  const call = `${method}('${name}', args)`;
  if (!Array.isArray(args)) throw refusal({ pool: pool.name, option: call }, args, 'an array of the arguments');
  if (options !== undefined) checkRunOptions(pool.name, options, method);
  const signalArgs = findSignals(pool.name, name, args);
  const isPlain = options === undefined && signalArgs === NONE;
  return {
    name,
    args,
    context: capture?.(),
    settings: isPlain ? defaults : settingsOf(defaults, args, signalArgs, options),
    reader: null,
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
    onProgress: options.onProgress,
  };
}

function checkRunOptions(pool: string, options: RunOptions, method: string): void {
  requireObject({ pool, option: `the options of ${method}()` }, options);
  rejectUnknownKeys(`${method}()`, options, RUN_OPTIONS, pool);
  const { signal, timeoutMs, queueTimeoutMs, priority, tenant, transfer, onProgress } = options;
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
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw refusal({ pool, option: 'onProgress' }, onProgress, 'a function that is told each report');
  }
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
