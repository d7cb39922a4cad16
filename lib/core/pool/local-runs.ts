import type { Clock } from '../clock.js';
import type { CallerPort, Engine, TaskReports } from '../engine.js';
import type { EventHub } from './event-hub.js';
import type { RunHere, Task } from './task.js';
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
    readonly reports: TaskReports,
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
      const caller = new Caller(task, this.reports, this.ledger.events);
      task.here = caller;
      const running = this.engine.runHere(task, caller);
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

/** The caller of a task that runs on its own thread. */
class Caller implements CallerPort, RunHere {
  onCredit: ((n: number) => void) | null = null;
  readonly opened: TaskReports['opened'];
  readonly item: TaskReports['item'];
  readonly progress: TaskReports['progress'];
  /** Made when it is first asked for: few tasks that run here do. */
  #controller: AbortController | null = null;

  constructor(
    readonly task: Task,
    { opened, item, progress }: TaskReports,
    readonly events: EventHub,
  ) {
    this.opened = opened;
    this.item = item;
    this.progress = progress;
  }

  get isFollowed(): boolean {
    return this.task.settings.onProgress !== undefined || this.events.has('progress');
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  credit(n: number): void {
    this.onCredit?.(n);
  }

  abort(reason: unknown): void {
    this.#controller?.abort(reason);
  }
}
