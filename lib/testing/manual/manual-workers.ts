import type { CrashOptions } from '../crash-options.js';
import type { ManualTask } from './manual-task.js';

/** A worker that does nothing by itself. */
export interface ManualWorker {
  readonly id: number;
  readonly state: 'booting' | 'ready' | 'leaving';
  /** What it runs. */
  readonly tasks: readonly ManualTask[];
}

/** What the workers of a manual pool do. */
export interface ManualWorkers {
  /**
   * The next task that starts and was not handed out before, of this name where one is given; the oldest first. Waits for
   * it if need be.
   * @throws PoolError, code `NO_TASK`, when none has started within `timeoutMs` of real time (default 1,000).
   */
  next(task?: string, options?: { timeoutMs?: number }): Promise<ManualTask>;
  /** The tasks that run, handed out or not, the oldest first. */
  readonly running: readonly ManualTask[];
  /** Those that have not exited. */
  readonly all: readonly ManualWorker[];
  /**
   * Lets a worker that boots become ready, or all that do now.
   * @throws PoolConfigError for a worker that does not boot.
   */
  boot(workerId?: number): void;
  /**
   * Lets the boot of a worker fail, or of all that boot now.
   * @throws PoolConfigError for a worker that does not boot.
   */
  failBoot(options?: { workerId?: number; error?: Error }): void;
  /**
   * A worker dies, whatever it is at.
   * @throws PoolConfigError for a worker that the pool does not have, and wrong options.
   */
  crash(workerId: number, options?: CrashOptions): void;
}
