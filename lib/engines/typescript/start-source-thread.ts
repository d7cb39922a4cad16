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
  const own = { ...options, ...(execArgv && { execArgv }), ...(env && { env }) };
  try {
    return new Worker(file, own);
  } catch (error) {
    // Options of the whole process (V8's among them) are inherited, but may not be given to a thread.
    const refused = execArgv ? refusedOptions(error) : [];
    if (refused.length === 0) return new Worker(file, options);
    return new Worker(file, { ...own, execArgv: execArgv?.filter((option) => !refused.includes(option)) });
  }
}

/** As Node.js lists them in its message; there is no other way to learn them. */
function refusedOptions(error: unknown): readonly string[] {
  const { code, message = '' } = error as NodeJS.ErrnoException;
  if (code !== 'ERR_WORKER_INVALID_EXEC_ARGV') return [];
  return /: (.*)$/.exec(message)?.[1]?.split(', ') ?? [];
}

/** A copy of the environment if NODE_OPTIONS loads a runner. What is quoted there is left alone. */
function environmentWithoutRunners(): NodeJS.ProcessEnv | null {
  const { NODE_OPTIONS: options = '' } = process.env;
  const kept = options.includes('"') ? null : withoutRunners(options.split(' ').filter((option) => option !== ''));
  return kept && { ...process.env, NODE_OPTIONS: kept.join(' ') };
}
