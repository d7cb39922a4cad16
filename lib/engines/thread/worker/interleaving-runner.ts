import type { SharedTable } from '../shared-layout.js';
import type { AbortSignals } from './abort-signals.js';
import type { InContextOf } from './contexts.js';
import { unpackArguments, type Job, type TaskRunner } from './jobs.js';
import type { Replies } from './replies.js';

/** Begins each task as it arrives, and says so; for tasks that await. */
export class InterleavingRunner implements TaskRunner {
  #running = 0;

  constructor(
    readonly table: SharedTable,
    readonly signals: AbortSignals,
    readonly inContextOf: InContextOf,
    readonly replies: Replies,
  ) {}

  take(jobs: readonly Job[]): void {
    for (const job of jobs) void this.#run(job);
  }

  get isIdle(): boolean {
    return this.#running === 0;
  }

  async #run(job: Job): Promise<void> {
    this.#running++;
    if (this.table.start(job.slot)) await this.#runStarted(job);
    else this.replies.skipped(job.slot);
    this.#running--;
    this.replies.announce(performance.now());
  }

  async #runStarted(job: Job): Promise<void> {
    this.replies.post({ kind: 'started', slot: job.slot });
    const begun = performance.now();
    job.isRunning = true;
    let [ok, value]: [boolean, unknown] = [true, undefined];
    try {
      value = await this.inContextOf(job, () => job.run(...unpackArguments(job, this.signals)));
    } catch (error) {
      [ok, value] = [false, error];
    }
    const ended = performance.now();
    job.isRunning = false;
    this.signals.forget(job.slot);
    if (ok) this.replies.result(job, value, begun, ended);
    else this.replies.error(job, value, begun, ended);
  }
}
