import { refusal } from '../../core/validate.js';
import type { InlineEngine } from '../../engines/inline/inline-engine.js';
import { checkCrash, unknownWorker, type CrashOptions, type TaskCrashOptions } from '../crash-options.js';

/** What the test may do to the workers of an inline pool. */
export interface InlineWorkers {
  /** The ids of those that have not exited; `pool.snapshot().workers` tells more. */
  readonly ids: readonly number[];
  /**
   * The next task of this name, or of any for `'*'`, takes its worker down: as the task starts, or in phase `finished` once
   * it has ended. Plans add up; each goes off `times` times (default 1).
   * @throws PoolConfigError for wrong options.
   * @example pool.workers.crashNext('thumbnail', { exitCode: 137 });
   */
  crashNext(task?: string, options?: TaskCrashOptions & { times?: number }): void;
  /**
   * A worker dies now, booting or not; its tasks reject with `WorkerCrashedError`.
   * @throws PoolConfigError for a worker that the pool does not have, and wrong options.
   */
  crash(workerId: number, options?: CrashOptions): void;
  /**
   * The next boots fail, `times` of them (default 1).
   * @throws PoolConfigError for wrong options.
   */
  failBoot(options?: { error?: Error; times?: number }): void;
  /** Drops what was planned and has not happened. */
  calmDown(): void;
}

const ANY = '*';

/** The hands of a test on an `InlineEngine`. */
export function inlineWorkers(pool: string, engine: InlineEngine): InlineWorkers {
  return {
    get ids() {
      return [...engine.workers.keys()];
    },
    crashNext(task = ANY, options = {}) {
      if (typeof task !== 'string') throw refusal({ pool, option: 'crashNext(task)' }, task, "a task's name, or '*'");
      const { times = 1, ...crash } = checkCrash(pool, 'crashNext()', options, ['phase', 'times']);
      engine.faults.plan({ ...crash, task: task === ANY ? null : task, times });
    },
    crash(workerId, options = {}) {
      const crash = checkCrash(pool, 'crash()', options);
      const worker = engine.workers.get(workerId);
      if (!worker) throw unknownWorker(pool, 'crash()', workerId, engine.workers.keys());
      worker.crash(crash);
    },
    failBoot(options = {}) {
      const { error = new Error('could not boot'), times = 1 } = checkCrash<{ error?: Error; times?: number }>(
        pool,
        'failBoot()',
        options,
        ['times'],
      );
      engine.faults.planBootErrors(error, times);
    },
    calmDown() {
      engine.faults.clear();
    },
  };
}
