import type { Clock } from '../clock.js';
import type { Task } from './task.js';

/** What happens at a deadline; `ms` is the option's value. */
export interface DeadlineEvents {
  waitedTooLong(task: Task, ms: number): void;
  ranTooLong(task: Task, ms: number): void;
}

/** The one deadline that runs for a task: first for its wait, then for its run. */
export class Deadlines {
  constructor(
    readonly clock: Clock,
    readonly events: DeadlineEvents,
  ) {}

  /** For what a new worker catches up on nobody waits; a boot that takes long is no fault of it. */
  startWait(task: Task): void {
    const { queueTimeoutMs: ms } = task.settings;
    if (ms === null || task.isCatchUp || (task.state !== 'queued' && task.state !== 'aside')) return;
    const remaining = Math.max(0, task.waitsSince + ms - this.clock.now());
    task.setTimer(this.clock.schedule(remaining, () => this.#endWait(task, ms), { keepAlive: true }));
  }

  startRun(task: Task): void {
    const { timeoutMs: ms } = task.settings;
    task.setTimer(ms === null ? null : this.clock.schedule(ms, () => this.#endRun(task, ms), { keepAlive: true }));
  }

  /** Sent ahead, it may have begun while this event loop was busy with something else: then it was in time. */
  #endWait(task: Task, ms: number): void {
    task.member?.worker.poll();
    if (task.state === 'queued' || task.state === 'aside' || task.state === 'sent') this.events.waitedTooLong(task, ms);
  }

  /** The result may have come in while this event loop was busy with something else: then it was in time. */
  #endRun(task: Task, ms: number): void {
    task.member?.worker.poll();
    if (task.state !== 'settled') this.events.ranTooLong(task, ms);
  }
}
