import { isDeepStrictEqual } from 'node:util';
import { WorkerCrashedError, type Pool } from '../../../../lib/entries/core.js';
import type { Marks } from '../batch-pool.js';
import type { Call } from './batch.js';

/** How far a task was whose call was rejected; `moved`: not begun, but what it moved was gone. */
type Loss = 'started' | 'finished' | 'moved';

/** Compares what a pool says became of its tasks with what did. */
export class Accounts {
  /** What must not be. */
  readonly wrong: string[] = [];
  readonly losses: Record<Loss, number> = { started: 0, finished: 0, moved: 0 };
  readonly #settlements = new Map<number, number>();
  readonly #learned: number;

  /** The pool is idle, and from now on under observation. */
  constructor(
    readonly pool: Pool,
    readonly concurrency: number,
    readonly marks: Marks,
  ) {
    this.#learned = pool.snapshot().counters.completed;
    const onSettled = ({ id }: { readonly id: number }) => this.#onSettled(id);
    pool.on('completed', onSettled).on('failed', onSettled);
  }

  /** One call: its task ran once if it has a result, and at most once if it has none. */
  judge({ id, load }: Call, result: PromiseSettledResult<unknown>): void {
    const [begun, ended] = [this.marks.begun(id), this.marks.ended(id)];
    const complain = (what: string) =>
      void this.wrong.push(`${load.task} ${id}, begun ${begun}, ended ${ended}: ${what}`);
    if (begun > 1) complain('ran twice');
    if (result.status === 'fulfilled') {
      if (begun !== 1) complain('has a result');
      if (!isDeepStrictEqual(result.value, load.expected(id))) complain(`resolved with ${String(result.value)}`);
      return;
    }
    const error: unknown = result.reason;
    if (!(error instanceof WorkerCrashedError)) return complain(`rejected with ${String(error)}`);
    if (error.exitCode !== 1) complain(`exit code ${error.exitCode}`);
    const isMoved = error.message.includes('transfer list');
    if (isMoved && (!load.moves || begun > 0)) complain('rejected for what it moved');
    if (error.phase === 'finished' && ended !== 1) complain('counts as finished');
    this.losses[isMoved ? 'moved' : error.phase]++;
  }

  /** The pool as a whole, which is idle again. */
  close(tasks: number, size: number): void {
    const { started, finished, moved } = this.losses;
    if (started + finished > this.concurrency) {
      this.wrong.push(`${started + finished} tasks count as begun in a thread that runs ${this.concurrency} at a time`);
    }
    for (const [id, times] of this.#settlements) if (times !== 1) this.wrong.push(`task ${id} settled ${times} times`);
    this.#expect('settled tasks', this.#settlements.size, tasks);
    const { counters, queueDepth, busy, live, ...snapshot } = this.pool.snapshot();
    const { submitted, completed, failed, cancelled, dropped, crashes } = counters;
    const lost = started + finished + moved;
    const total = this.#learned + tasks;
    this.#expect('submitted, completed, failed', [submitted, completed, failed], [total, total - lost, lost]);
    this.#expect('cancelled, dropped, crashes', [cancelled, dropped, crashes], [0, 0, 1]);
    this.#expect('queueDepth, busy, live, size', [queueDepth, busy, live, snapshot.size], [0, 0, size, size]);
  }

  #onSettled(id: number): void {
    this.#settlements.set(id, (this.#settlements.get(id) ?? 0) + 1);
    const { counters, queueDepth, busy } = this.pool.snapshot();
    const { submitted, completed, failed } = counters;
    const running = submitted - completed - failed - queueDepth;
    // Those of each busy worker, and of the worker which has just gone.
    const most = this.concurrency * (busy + 1);
    if (running < 0 || running > most) this.wrong.push(`with ${busy} busy workers, ${running} tasks run`);
  }

  #expect(what: string, actual: unknown, expected: unknown): void {
    if (isDeepStrictEqual(actual, expected)) return;
    this.wrong.push(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
  }
}
