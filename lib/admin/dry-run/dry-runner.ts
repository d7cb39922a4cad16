import { Inject, Injectable, Optional, type OnModuleDestroy } from '@nestjs/common';
import type { DryRunResult } from '../../core/contract/operation.js';
import { PoolError } from '../../core/errors.js';
import { PoolService } from '../../nest/pool.service.js';
import { HistoryRecorder } from '../history/history-recorder.js';
import type { DryRunJob } from './dry-run-job.js';
import { DRY_RUN_OPTIONS, resolveDryRun, type DryRunOptions, type ResolvedDryRun } from './dry-run-options.js';
import { planOf } from './plan.js';
import { DryRunThread } from './dry-run-thread.js';

/**
 * Runs the last minutes of a pool again under another policy, in the simulator, on a thread of its own. One run at a time.
 *
 * `idle` ⇄ `running`; either → `closed` by `onModuleDestroy()`, which ends a run.
 */
@Injectable()
export class DryRunner implements OnModuleDestroy {
  readonly #pools: PoolService;
  readonly #history: HistoryRecorder;
  readonly #options: ResolvedDryRun;
  #running: DryRunThread | null = null;
  #isClosed = false;

  constructor(
    pools: PoolService,
    history: HistoryRecorder,
    @Optional() @Inject(DRY_RUN_OPTIONS) options: DryRunOptions = {},
  ) {
    this.#pools = pools;
    this.#history = history;
    this.#options = resolveDryRun(options);
  }

  /** Resolves when no thread is left. */
  async onModuleDestroy(): Promise<void> {
    this.#isClosed = true;
    const running = this.#running;
    if (running === null) return;
    running.stop('DRY_RUN_STOPPED', 'the application shuts down');
    // Whoever asked for it hears the refusal.
    await running.result.catch(() => undefined);
  }

  /**
   * What the policy of the request would have done, beside what the present one would have. The request is checked here,
   * on this thread.
   * @throws PoolNotFoundError; PoolConfigError that names what is wrong with the request, or cannot be simulated; PoolError
   * `DRY_RUN_NO_HISTORY`, `DRY_RUN_BUSY`, `DRY_RUN_TIMEOUT`, `DRY_RUN_FAILED`, `DRY_RUN_STOPPED`.
   */
  async run(pool: string, request: unknown): Promise<DryRunResult> {
    const job = planOf(this.#pools, this.#history, pool, request, this.#options);
    return this.#start(pool, job);
  }

  async #start(pool: string, job: DryRunJob): Promise<DryRunResult> {
    if (this.#isClosed) throw new PoolError('DRY_RUN_STOPPED', `pool '${pool}': the application shuts down.`, { pool });
    if (this.#running) {
      throw new PoolError(
        'DRY_RUN_BUSY',
        `pool '${pool}': another dry run is under way, of pool '${this.#running.pool}', and there is one at a time. Try again in some seconds.`,
        { pool },
      );
    }
    const { entry } = this.#options;
    if (!entry) {
      throw new PoolError(
        'DRY_RUN_FAILED',
        `pool '${pool}': nestjs-dynamic-pool was taken into a bundle, and the file of the dry run's thread was not. Name nestjs-dynamic-pool among the external packages of the bundler.`,
        { pool },
      );
    }
    const thread = new DryRunThread(pool, job, { ...this.#options, entry });
    this.#running = thread;
    try {
      return await thread.result;
    } finally {
      this.#running = null;
    }
  }
}
