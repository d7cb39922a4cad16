import type { Member } from './member.js';

/**
 * Who is there. `staff` are the members that count towards the target; those leaving are in `members` only. `idle`
 * is a stack, so that load gathers on few workers and the rest can expire; its bottom has been idle longest.
 */
export class Roster {
  readonly members = new Map<number, Member>();
  readonly staff = new Set<Member>();
  readonly #idle: Member[] = [];
  readonly #partlyFree = new Set<Member>();

  constructor(readonly concurrency: number) {}

  add(member: Member): void {
    this.members.set(member.id, member);
    this.staff.add(member);
  }

  /** Takes a member out of the count and out of reach of new tasks; it may still finish what it has. */
  dismiss(member: Member): void {
    this.staff.delete(member);
    this.#unlist(member);
  }

  delete(member: Member): void {
    this.dismiss(member);
    this.members.delete(member.id);
  }

  /** Lists a ready member by its load: free for a task, or not. */
  list(member: Member): void {
    const { load, worker, outbox, isFit } = member;
    if (isFit && load < this.concurrency && worker.room > outbox.length) {
      if (load > 0) this.#partlyFree.add(member);
      else if (!member.isListedIdle) {
        this.#partlyFree.delete(member);
        this.#idle.push(member);
        member.isListedIdle = true;
      }
    } else this.#partlyFree.delete(member);
  }

  /** A member with a free slot, an idle one first, then the least loaded; it must be listed again. */
  take(): Member | null {
    const idle = this.#idle.pop();
    if (idle) {
      idle.isListedIdle = false;
      return idle;
    }
    let least: Member | null = null;
    for (const member of this.#partlyFree) if (!least || member.load < least.load) least = member;
    return least;
  }

  /** Takes this very member, which must be listed again. */
  claim(member: Member): void {
    this.#unlist(member);
  }

  /** Whether `take` would find somebody. */
  get hasFree(): boolean {
    return this.#idle.length > 0 || this.#partlyFree.size > 0;
  }

  get longestIdle(): Member | null {
    return this.#idle[0] ?? null;
  }

  /** Tasks that could be taken on right now. */
  get freeSlots(): number {
    let slots = this.#idle.length * this.concurrency;
    for (const member of this.#partlyFree) slots += this.concurrency - member.load;
    return slots;
  }

  count(predicate: (member: Member) => boolean): number {
    let count = 0;
    for (const member of this.members.values()) if (predicate(member)) count++;
    return count;
  }

  #unlist(member: Member): void {
    this.#partlyFree.delete(member);
    if (!member.isListedIdle) return;
    member.isListedIdle = false;
    this.#idle.splice(this.#idle.indexOf(member), 1);
  }
}
