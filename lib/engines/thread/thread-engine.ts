import type { ResolvedPoolOptions } from '../../core/pool/resolve-options.js';
import { PoolConfigError } from '../../core/errors.js';
import type { Engine } from '../../core/engine.js';
import type { WorkerLogLine } from './protocol.js';
import { ThreadWorker } from './thread-worker.js';
import type { ErrorClasses } from './wire/error-classes.js';

/** What the threads of one pool have in common. */
export interface ThreadEngineOptions {
  readonly pool: ResolvedPoolOptions;
  /** The file that each thread runs; it calls `serveTasks`. */
  readonly entry: URL;
  /** What each thread is told at its birth; asked for at every spawn. Must survive structured clone. */
  readonly plan: () => unknown;
  /** The classes that errors from the threads come back as. */
  readonly errorClasses: ErrorClasses;
  /** Runs a task on this thread, under `caller-runs`. */
  readonly runHere: (name: string, args: readonly unknown[]) => Promise<unknown>;
  readonly onLog?: ((line: WorkerLogLine) => void) | undefined;
}

/** Worker threads, each with a claim table in shared memory. One task at a time is sent to each slot. */
export function createThreadEngine(options: ThreadEngineOptions): Engine {
  return {
    presend: 0,
    interrupts: true,
    taskNames: null,
    runHere: ({ name, args }) => options.runHere(name, args),
    spawn(workerId, sink) {
      try {
        return new ThreadWorker(workerId, sink, options);
      } catch (error) {
        const { name } = options.pool;
        const why = error instanceof Error ? error.message : String(error);
        throw new PoolConfigError(
          `pool '${name}': Node.js refused to create a thread: ${why}. Check worker.execArgv, worker.env and worker.resourceLimits.`,
          { pool: name, cause: error },
        );
      }
    },
  };
}
