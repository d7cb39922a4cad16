import type { WorkerExitReason } from '../contract/events.js';
import type { Timer } from '../clock.js';
import type { EngineWorker } from '../engine.js';
import { FifoQueue } from '../queue/fifo-queue.js';
import type { Task } from './task.js';

/**
 * One worker as its crew knows it.
 *
 * `starting` → `ready` → `leaving` → gone. A ready member may be told to go once it is free (`mustLeave`). `tasks` are
 * with it and unanswered, in the order in which they were sent; `ghosts` were cancelled and answered but have not
 * ended, each with its grace timer.
 */
export class Member {
  state: 'starting' | 'ready' | 'leaving' = 'starting';
  worker!: EngineWorker;
  threadId: number | null = null;
  mustLeave = false;
  /** It was asked to exit; an exit without that is a crash. */
  expectsExit = false;
  /** Why it goes, once somebody decided that it does. */
  exitReason: WorkerExitReason | null = null;
  /** Whether its roster lists it as idle. */
  isListedIdle = false;
  /** Linked through the tasks themselves: a Set that comes and goes at this rate leaves old tables that hold on to tasks. */
  readonly tasks = new FifoQueue<Task>();
  /** Tasks that only this worker may run, and that have not been sent. They come first. */
  readonly pinned = new FifoQueue<Task>();
  /** Whether it has what workers born late must be told first. */
  isFit = true;
  readonly ghosts = new Map<Task, Timer | null>();
  /** Those of `tasks` that are yet to be handed to the worker. */
  outbox: Task[] = [];
  /** What its tasks are expected to take together, milliseconds. */
  backlogMs = 0;
  idleSince = 0;
  ended = 0;
  ageTimer: Timer | null = null;

  constructor(
    readonly id: number,
    readonly bornAt: number,
    readonly concurrency: number,
  ) {}

  /** Slots in use, or spoken for. */
  get load(): number {
    return this.tasks.size + this.ghosts.size + this.pinned.size;
  }

  /** Whether it can begin one of its pinned tasks. */
  get mayStartPinned(): boolean {
    if (this.pinned.size === 0 || this.state !== 'ready' || this.expectsExit) return false;
    return this.tasks.size + this.ghosts.size < this.concurrency && this.worker.room > this.outbox.length;
  }

  get isBusy(): boolean {
    return this.tasks.size > 0;
  }

  /** The task that it runs, or does next. */
  get head(): Task | null {
    return this.tasks.peek();
  }

  /** The tasks behind that, where it does one after the other. */
  get ahead(): Task[] {
    return [...this.tasks].slice(1);
  }

  assign(task: Task): void {
    task.member = this;
    this.tasks.push(task);
    this.outbox.push(task);
    this.backlogMs += task.estimateMs;
  }

  /** Whether it had the task. */
  drop(task: Task): boolean {
    if (task.member !== this) return false;
    task.member = null;
    this.tasks.remove(task);
    // Sums of fractions drift; an empty list is a fresh start.
    this.backlogMs = this.tasks.size === 0 ? 0 : this.backlogMs - task.estimateMs;
    return true;
  }

  /** Takes back a task that has not begun, to be sent again; false where it cannot be had back whole. */
  takeBack(task: Task): boolean {
    return (!task.moves || this.outbox.includes(task)) && this.withdraw(task);
  }

  /** Takes out a task that has not begun, and now never will; false where it has. */
  withdraw(task: Task): boolean {
    const unsent = this.outbox.indexOf(task);
    if (unsent >= 0) this.outbox.splice(unsent, 1);
    else if (!this.worker.revoke(task)) return false;
    return this.drop(task);
  }

  clearTimers(): void {
    this.ageTimer?.cancel();
    for (const timer of this.ghosts.values()) timer?.cancel();
  }
}
