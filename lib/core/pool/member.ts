import type { WorkerExitReason } from '../contract/events.js';
import type { Timer } from '../clock.js';
import type { EngineWorker } from '../engine.js';
import type { Task } from './task.js';

/**
 * One worker as its crew knows it.
 *
 * `starting` → `ready` → `leaving` → gone. A ready member may be told to go once it is free (`mustLeave`). `tasks` are
 * with it and unanswered; `ghosts` were cancelled and answered but have not ended, each with its grace timer.
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
  readonly tasks = new Set<Task>();
  readonly ghosts = new Map<Task, Timer | null>();
  idleSince = 0;
  ended = 0;
  ageTimer: Timer | null = null;

  constructor(
    readonly id: number,
    readonly bornAt: number,
  ) {}

  /** Slots in use. */
  get load(): number {
    return this.tasks.size + this.ghosts.size;
  }

  get isBusy(): boolean {
    return this.tasks.size > 0;
  }

  clearTimers(): void {
    this.ageTimer?.cancel();
    for (const timer of this.ghosts.values()) timer?.cancel();
  }
}
