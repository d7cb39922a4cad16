import type { Clock } from '../clock.js';
import type { Crew } from './crew.js';
import type { Member } from './member.js';
import type { ResolvedPoolOptions } from './resolve-options.js';
import type { Task } from './task.js';

/**
 * Tasks whose callers have their answer while the tasks still run. Each is asked to end; after the grace its thread is
 * stopped.
 */
export class Ghosts {
  constructor(
    readonly crew: Crew,
    readonly clock: Clock,
    readonly options: Pick<ResolvedPoolOptions, 'abortGraceMs'>,
  ) {}

  haunt(member: Member, task: Task, reason: unknown): void {
    member.ghosts.set(
      task,
      this.#after(() => this.#endGrace(member, task)),
    );
    member.worker.abort(task, reason);
  }

  /** The task has ended after all. */
  rest(member: Member, task: Task): void {
    member.ghosts.get(task)?.cancel();
    member.ghosts.delete(task);
  }

  /** Where the thread has other work, that may go on for one more grace. */
  #endGrace(member: Member, task: Task): void {
    member.worker.poll();
    if (!member.ghosts.has(task)) return;
    if (member.tasks.size === 0) return this.crew.terminate(member, 'aborted');
    member.ghosts.set(
      task,
      this.#after(() => this.crew.terminate(member, 'aborted')),
    );
    this.crew.release(member, 'aborted');
  }

  #after(callback: () => void) {
    return this.clock.schedule(this.options.abortGraceMs, callback, { keepAlive: true });
  }
}
