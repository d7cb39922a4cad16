import type { Clock } from '../clock.js';
import type { Member } from './member.js';
import type { ResolvedPoolOptions } from './resolve-options.js';

/**
 * Tells which workers are to be renewed: after N tasks, above a heap size, or by age. One at a time, the replacement
 * first: while a member is due its crew may have one more than wanted, and lets it go when enough others are ready.
 */
export class Recycler {
  /** Members due, the first being replaced now. */
  readonly #due = new Set<Member>();

  constructor(
    readonly limits: ResolvedPoolOptions['recycle'],
    readonly clock: Clock,
    readonly onDue: () => void,
  ) {}

  /** Workers allowed beyond the wanted ones: the replacement of the member whose turn it is. */
  get extra(): number {
    return this.#due.size > 0 ? 1 : 0;
  }

  /** The member whose turn it is. */
  get next(): Member | null {
    const [next = null] = this.#due;
    return next;
  }

  /** A member ended a task; is it due? */
  consider(member: Member): void {
    const { afterTasks, aboveHeapMb } = this.limits;
    if (member.ended >= afterTasks || (aboveHeapMb < Infinity && member.worker.vitals().heapMb > aboveHeapMb)) {
      this.#add(member);
    }
  }

  /** A member became ready; its age counts. */
  joined(member: Member): void {
    const { afterMs } = this.limits;
    if (afterMs < Infinity) member.ageTimer = this.clock.schedule(afterMs, () => this.#add(member));
  }

  /** A member is gone or on its way. */
  left(member: Member): void {
    this.#due.delete(member);
  }

  #add(member: Member): void {
    if (this.#due.has(member) || member.mustLeave) return;
    this.#due.add(member);
    this.onDue();
  }
}
