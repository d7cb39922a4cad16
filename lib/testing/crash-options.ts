import { PoolConfigError } from '../core/errors.js';
import { refusal, rejectUnknownKeys, requireInteger, requireObject } from '../core/validate.js';
import { isError } from '../engines/thread/wire/error-reads.js';
import type { Crash } from '../engines/inline/planned-faults.js';

/** How a worker of the test kit dies. */
export interface CrashOptions {
  /** Exit code of its thread, 0 to 255. Default 1. */
  exitCode?: number;
  /** What it died of, the cause of the `WorkerCrashedError`. Default: nothing is known, as after `process.exit()`. */
  error?: Error;
}

/** How a worker dies of its task. */
export interface TaskCrashOptions extends CrashOptions {
  /**
   * How far the task came, as `WorkerCrashedError.phase` tells it. `started` (default): it did not end. `finished`: it did,
   * and the result is lost.
   */
  phase?: 'started' | 'finished';
}

type Given = Readonly<Record<string, unknown>>;

/** @throws PoolConfigError naming the call, the option and what is allowed. */
export function checkCrash<T extends CrashOptions>(
  pool: string,
  call: string,
  input: T,
  more: string[] = [],
): T & Crash {
  const given = requireObject({ pool, option: `the options of ${call}` }, input) as Given;
  rejectUnknownKeys(call, given, ['exitCode', 'error', ...more], pool);
  const { exitCode, error, phase, times } = given;
  const at = (option: string) => ({ pool, option: `${call}: ${option}` });
  if (exitCode !== undefined) requireInteger(at('exitCode'), exitCode, 0, 255);
  if (error !== undefined && !isError(error)) throw refusal(at('error'), error, 'an Error');
  if (phase !== undefined && phase !== 'started' && phase !== 'finished') {
    throw refusal(at('phase'), phase, "'started' or 'finished'");
  }
  if (times !== undefined) requireInteger(at('times'), times, 1, Number.MAX_SAFE_INTEGER);
  return input as T & Crash;
}

/** The error for a worker that a pool does not have. */
export function unknownWorker(pool: string, call: string, workerId: unknown, known: Iterable<number>): PoolConfigError {
  const ids = [...known];
  const list = ids.length > 0 ? ids.join(', ') : 'none';
  return new PoolConfigError(
    `pool '${pool}': ${call} names worker ${String(workerId)}, which the pool does not have. Its workers: ${list}.`,
    { pool },
  );
}
