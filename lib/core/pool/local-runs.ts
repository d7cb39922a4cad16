import type { Clock } from '../clock.js';
import type { Engine } from '../engine.js';
import type { Task } from './task.js';
import { CALLER, type TaskLedger } from './task-ledger.js';

/** Short tasks that run inline hold up the event loop for this long at most, milliseconds; the next ones go to workers. */
const TURN_MS = 1;

/**
 * Tasks that run on the calling thread: under the overflow policy `caller-runs`, and those measured to be shorter than
 * `inlineBelowUs` (P15).
 */
export class LocalRuns {
  readonly tasks = new Set<Task>();
  #spentMs = 0;
  #isTurnWatched = false;

  constructor(
    readonly engine: Engine,
    readonly ledger: TaskLedger,
    readonly clock: Clock,
  ) {}

  /** Whether tasks of this name have shown to be so short that they run inline, and may do so now. */
  suits(name: string): boolean {
    const { inlineBelowMs } = this.ledger.options;
    if (inlineBelowMs === 0 || this.#spentMs >= TURN_MS) return false;
    return this.ledger.meters.learnedServiceMs(name) < inlineBelowMs;
  }

  async run(task: Task): Promise<void> {
    this.tasks.add(task);
    const begun = this.clock.now();
    let [ok, value]: [boolean, unknown] = [true, undefined];
    try {
      const running = this.engine.runHere(task);
      this.#spend(this.clock.now() - begun);
      value = await running;
    } catch (error) {
      [ok, value] = [false, error];
    }
    this.tasks.delete(task);
    const now = this.clock.now();
    this.ledger.conclude(
      task,
      CALLER,
      { task, ok, value, timing: { serviceMs: now - begun, cloneMs: 0, dispatchMs: 0 } },
      now,
    );
  }

  /** Callers that await one inline task after the other never leave the turn of the event loop that they are in. */
  #spend(ms: number): void {
    this.#spentMs += ms;
    if (this.#isTurnWatched) return;
    this.#isTurnWatched = true;
    setImmediate(() => {
      this.#isTurnWatched = false;
      this.#spentMs = 0;
    });
  }
}
