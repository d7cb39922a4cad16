import type { SharedTable } from '../shared-layout.js';
import type { AbortSignals } from './abort-signals.js';
import type { CurrentTask } from './contexts.js';
import { isThenable, unpackArguments, type Job, type TaskRunner } from './jobs.js';
import type { MailWait } from './mail-wait.js';
import type { Replies } from './replies.js';

/** Tasks may follow each other for this long, milliseconds, before the event loop gets its turn. */
const TURN_MS = 5;

/**
 * Runs one task after the other, in the order in which they were sent. A result that is no promise is not awaited, so
 * that short tasks follow each other without a turn of the event loop.
 *
 * `idle` ⇄ `running` (a task, or the promise that it returned); either → `yielding` to the event loop for a turn → `idle`.
 */
export class InOrderRunner implements TaskRunner {
  #state: 'idle' | 'running' | 'yielding' = 'idle';
  readonly #inbox: (Job | null)[] = [];
  #next = 0;
  #turnEndsAt = 0;

  /** `fetch` reads messages that the event loop has not delivered yet, into the list. */
  constructor(
    readonly table: SharedTable,
    readonly signals: AbortSignals,
    readonly current: CurrentTask,
    readonly replies: Replies,
    readonly wait: MailWait,
    readonly fetch: (jobs: (Job | null)[]) => void,
  ) {}

  take(jobs: readonly Job[]): void {
    for (const job of jobs) this.#inbox.push(job);
    if (this.#state === 'idle') this.#startTurn();
  }

  get isIdle(): boolean {
    return this.#state === 'idle';
  }

  readonly #startTurn = (): void => {
    const now = performance.now();
    this.#turnEndsAt = now + TURN_MS;
    this.replies.begin(now);
    this.#work();
    this.#wait();
  };

  /** Runs what there is, up to a promise that must be awaited, or the end of the turn. */
  #work(): void {
    this.#state = 'running';
    for (let job = this.#take(); job; job = this.#take()) {
      if (!this.table.start(job.slot)) {
        this.replies.skipped(job.slot);
        continue;
      }
      const ended = this.#run(job);
      if (ended === null) return;
      if (ended > this.#turnEndsAt) return this.#yield();
    }
    this.#state = 'idle';
    this.replies.announce(performance.now());
  }

  /** Returns when the task ended, or `null` where that is to be awaited. */
  #run(job: Job): number | null {
    const begun = performance.now();
    this.current.job = job;
    job.isRunning = true;
    try {
      const value = job.run(...unpackArguments(job, this.signals));
      if (!isThenable(value)) return this.#end(job, begun, true, value);
      // What is done is not held back by what may take long.
      this.replies.announce(begun);
      Promise.resolve(value).then(
        (result) => this.#goOn(this.#end(job, begun, true, result)),
        (error) => this.#goOn(this.#end(job, begun, false, error)),
      );
      return null;
    } catch (error) {
      return this.#end(job, begun, false, error);
    }
  }

  #goOn(ended: number): void {
    if (ended > this.#turnEndsAt) this.#yield();
    else {
      this.#work();
      this.#wait();
    }
  }

  #end(job: Job, begun: number, ok: boolean, value: unknown): number {
    const ended = performance.now();
    this.wait.worked(ended);
    this.current.job = null;
    job.isRunning = false;
    this.signals.forget(job.slot);
    if (ok) this.replies.result(job, value, begun, ended);
    else this.replies.error(job, value, begun, ended);
    this.replies.announceWhenDue(ended, (this.#inbox.length - this.#next) * (ended - begun));
    return ended;
  }

  #yield(): void {
    this.#state = 'yielding';
    this.replies.announce(performance.now());
    setImmediate(this.#startTurn);
  }

  #take(): Job | null {
    if (this.#next === this.#inbox.length) {
      this.#inbox.length = this.#next = 0;
      this.fetch(this.#inbox);
      if (this.#inbox.length === 0) return null;
    }
    const job = this.#inbox[this.#next]!;
    this.#inbox[this.#next++] = null;
    return job;
  }

  /** Waits for work where it is noticed sooner than in the event loop, which has its turn every few milliseconds. */
  #wait(): void {
    while (this.#state === 'idle') {
      const seen = this.table.mail;
      this.fetch(this.#inbox);
      if (this.#inbox.length === 0) {
        const waited = this.wait.forMail(seen, this.#turnEndsAt);
        if (waited === 'enough') return;
        if (waited === 'turn is over') return this.#yield();
      } else {
        this.replies.begin(performance.now());
        this.#work();
      }
    }
  }
}
