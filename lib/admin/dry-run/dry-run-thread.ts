import { Worker } from 'node:worker_threads';
import type { DryRunResult } from '../../core/contract/operation.js';
import { PoolError } from '../../core/errors.js';
import type { DryRunJob } from './dry-run-job.js';
import type { DryRunOptions } from './dry-run-options.js';

/** Much more than 300,000 tasks take; a run that needs more must not cost the application its memory. */
const MAX_HEAP_MB = 512;

/** One run on its own thread. `result` settles when the thread is gone. */
export class DryRunThread {
  readonly result: Promise<DryRunResult>;
  readonly #thread: Worker;
  #answer: DryRunResult | null = null;
  #failure: PoolError | null = null;

  constructor(
    readonly pool: string,
    job: DryRunJob,
    { entry, deadlineMs, clock }: Required<DryRunOptions>,
  ) {
    this.#thread = new Worker(entry, {
      name: 'dynamic-pool-dry-run',
      workerData: job,
      // Flags of the application, such as --inspect-brk, are not meant for it.
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    const deadline = clock.schedule(deadlineMs, () =>
      this.stop('DRY_RUN_TIMEOUT', `it took longer than ${deadlineMs / 1_000} s. Ask for fewer minutes`),
    );
    this.#thread.on('message', (answer: DryRunResult) => (this.#answer = answer));
    this.#thread.on('error', (error: Error) => (this.#failure ??= failed(pool, error)));
    this.result = new Promise((resolve, reject) => {
      this.#thread.on('exit', (code) => {
        deadline.cancel();
        if (this.#failure) reject(this.#failure);
        else if (this.#answer) resolve(this.#answer);
        else reject(failed(pool, new Error(`its thread exited with code ${code}`)));
      });
    });
  }

  /** Ends the run; `result` rejects with this code. */
  stop(code: string, why: string): void {
    this.#failure ??= new PoolError(code, `pool '${this.pool}': the dry run was ended: ${why}.`, { pool: this.pool });
    void this.#thread.terminate();
  }
}

function failed(pool: string, cause: Error): PoolError {
  return new PoolError('DRY_RUN_FAILED', `pool '${pool}': the dry run failed: ${cause.message}`, { pool, cause });
}
