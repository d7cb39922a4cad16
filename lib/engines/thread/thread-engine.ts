import { usableCores } from '../../core/usable-cores.js';
import type { ResolvedPoolOptions } from '../../core/pool/resolve-options.js';
import { PoolConfigError } from '../../core/errors.js';
import type { Engine, WorkerSink } from '../../core/engine.js';
import type { WorkerLogLine } from './protocol.js';
import { runLikeElsewhere } from './run-like-elsewhere.js';
import { ThreadWorker } from './thread-worker.js';
import { keepSpares } from './warm-spares.js';
import type { ErrorClasses } from './wire/error-classes.js';

/** What is there for threads whose code is TypeScript. */
export interface ThreadSources {
  /** What such a thread runs first; it goes on with the entry. */
  readonly entry: URL;
  /** What the threads load besides the entry; asked for at every spawn. */
  readonly files: () => readonly string[];
}

/** What the threads of one pool have in common. */
export interface ThreadEngineOptions {
  readonly pool: ResolvedPoolOptions;
  /** The file that each thread runs; it calls `serveTasks`. */
  readonly entry: URL;
  /** For threads that may load TypeScript. Default: the entry is run as it is. */
  readonly sources?: ThreadSources | undefined;
  /** What each thread is told at its birth; asked for at every spawn. Must survive structured clone. */
  readonly plan: () => unknown;
  /** The classes that errors from the threads come back as. */
  readonly errorClasses: ErrorClasses;
  /** Runs a task on this thread, under `caller-runs` or `inlineBelowUs`. */
  readonly runHere: (name: string, args: readonly unknown[]) => Promise<unknown>;
  /** What makes of a result that was copied what its caller gets; what it throws is the task's failure. Default: the copy. */
  readonly reviveResult?: ((task: string, value: unknown) => unknown) | undefined;
  /** Takes what goes with a call besides its arguments; must survive structured clone. Default: nothing does. */
  readonly capture?: (() => unknown) | undefined;
  readonly onLog?: ((line: WorkerLogLine) => void) | undefined;
}

/** Most tasks that wait at a thread for the one that it runs. */
const PRESEND = 128;

/** Worker threads, each with a claim table in shared memory. */
export function createThreadEngine(options: ThreadEngineOptions): Engine {
  const { concurrency, spares } = options.pool;
  const siblings = { holding: new Set() };
  const boot = (workerId: number | null, sink: WorkerSink) =>
    new ThreadWorker(workerId, sink, options, concurrency + PRESEND, siblings);
  const engine: Engine = {
    // A worker that interleaves tasks begins each as it arrives.
    presend: concurrency === 1 ? PRESEND : 0,
    interrupts: true,
    bootsAtOnce: usableCores(),
    taskNames: null,
    capture: options.capture,
    runHere: (task, caller) => runLikeElsewhere(options, task, caller),
    spawn(workerId, sink) {
      try {
        return boot(workerId, sink);
      } catch (error) {
        if (error instanceof PoolConfigError) throw error;
        const { name } = options.pool;
        const why = error instanceof Error ? error.message : String(error);
        throw new PoolConfigError(
          `pool '${name}': Node.js refused to create a thread: ${why}. Check worker.execArgv, worker.env and worker.resourceLimits.`,
          { pool: name, cause: error },
        );
      }
    },
  };
  return spares === 0 ? engine : keepSpares(engine, spares, (sink) => boot(null, sink));
}
