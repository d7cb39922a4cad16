import { Worker, type WorkerOptions } from 'node:worker_threads';
import { withoutRunners } from './without-runners.js';

/**
 * Starts a thread that loads sources by itself: it inherits the options of the process without those of a runner. What the
 * pool says of its options and its environment is taken as it is.
 */
export function startSourceThread(file: URL, options: WorkerOptions): Worker {
  const execArgv = options.execArgv ? null : withoutRunners(process.execArgv);
  const env = options.env ? null : environmentWithoutRunners();
  if (!execArgv && !env) return new Worker(file, options);
  try {
    return new Worker(file, { ...options, ...(execArgv && { execArgv }), ...(env && { env }) });
  } catch {
    // Among them is one that a thread inherits, but may not be given.
    return new Worker(file, options);
  }
}

/** A copy of the environment if NODE_OPTIONS loads a runner. What is quoted there is left alone. */
function environmentWithoutRunners(): NodeJS.ProcessEnv | null {
  const { NODE_OPTIONS: options = '' } = process.env;
  const kept = options.includes('"') ? null : withoutRunners(options.split(' ').filter((option) => option !== ''));
  return kept && { ...process.env, NODE_OPTIONS: kept.join(' ') };
}
