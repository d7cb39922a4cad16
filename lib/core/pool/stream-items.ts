import type { RunOptions } from '../contract/run-options.js';
import type { BatchPort } from './batch-port.js';
import { onceOnly } from './once-only.js';
import { streamUsedError } from './pool-errors.js';
import { StreamRun } from './stream-run.js';

/**
 * `Pool.stream`.
 * @throws PoolConfigError
 */
export function streamItems<R>(
  port: BatchPort,
  task: string,
  args: readonly unknown[],
  options: RunOptions | undefined,
): AsyncIterable<R> {
  const leaving = new AbortController();
  // Checked, and the caller's surroundings captured, where it is called and not where it is read.
  const request = port.check(leaving.signal, task, args, options, 'stream');
  const run = new StreamRun<R>(port, request, leaving);
  return onceOnly(run, () => streamUsedError(port.pool, task));
}
