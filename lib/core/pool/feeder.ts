import type { Clock, Timer } from '../clock.js';
import type { Crew } from './crew.js';
import type { Member } from './member.js';
import type { Task } from './task.js';
import type { TaskLedger } from './task-ledger.js';

/** A worker holds work for about this long, milliseconds, beyond which nothing more is sent to it ahead. */
const PRESEND_MS = 4;
/** How often workers that hold work ahead are looked at, and how long a task may then run before that work is taken back. */
const WATCH_MS = 5;
/** From this much work ahead, milliseconds, an idle worker takes half of it over. */
const WORTH_TAKING_MS = 0.5;
/** Most tasks sent ahead to a worker with one whose arguments move, since it cannot be had back. */
const MOST_MOVED = 3;
/** A deadline shorter than this, milliseconds, needs a start that is known at once. */
const SHORT_DEADLINE_MS = 100;
/** Stands for tasks of which nothing is known, or that run longer than expected. */
const LONG_MS = 1_000;
/** Absorbs rounding where work is levelled, so that nobody takes one task more than its share. */
const ROUNDING = 1 - 1e-9;

/**
 * Brings waiting tasks to workers (DESIGN: dispatch). Idle workers come first. Then tasks known to be short are sent
 * ahead, as much as a worker does in about 4 ms, so that it finds the next one without a round trip; they count as
 * queued until they start. A worker that turns out to be held up gives back what it has not begun.
 *
 * What is asked for in one turn of the event loop leaves in one flush, in one message for each worker; only the first
 * task that finds a worker idle is sent at once.
 */
export class Feeder {
  /** Whether waiting tasks may start. */
  isFlowing = true;
  #isFeeding = false;
  #mustFeedAgain = false;
  #isFlushDue = false;
  #watch: Timer | null = null;
  /** Members with an outbox to deliver. */
  readonly #correspondents = new Set<Member>();

  /** `onFed` is told when tasks may have left the queue. */
  constructor(
    readonly crew: Crew,
    readonly ledger: TaskLedger,
    readonly clock: Clock,
    readonly onFed: () => void,
  ) {}

  /** A task was queued. */
  offer(): void {
    if (this.#isFlushDue) return;
    if (this.#isFeeding || (this.isFlowing && this.crew.roster.hasFree)) this.feed();
    else this.#flushAfterThisTurn();
  }

  /** Tasks have ended: the next ones go out, and what their callers ask for in response is gathered for one flush. */
  feedBack(): void {
    this.feed();
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    queueMicrotask(() => process.nextTick(this.#flush));
  }

  /** Sends what may be sent. */
  feed(): void {
    // What a sent task sets off at once (a refusal to clone, a listener's call) leaves its work to the loop below.
    this.#mustFeedAgain = true;
    if (this.#isFeeding) return;
    this.#isFeeding = true;
    try {
      while (this.#mustFeedAgain) {
        this.#mustFeedAgain = false;
        this.#fill();
        this.#deliver();
      }
    } finally {
      this.#isFeeding = false;
    }
    this.#keepWatch();
    this.onFed();
  }

  /** Sends what may be sent; where nothing waits, an idle worker takes over what another one holds ahead. */
  level(): void {
    this.feed();
    if (!this.isFlowing || !this.#sendsAhead || this.ledger.queue.size > 0) return;
    while (this.ledger.counters.sent > 0 && this.crew.roster.longestIdle) {
      const donor = this.#mostAhead();
      if (!donor) return;
      const { ahead } = donor;
      if (!this.takeBack(ahead.slice(ahead.length >> 1))) return;
      this.feed();
    }
  }

  /** Puts tasks that members hold and have not begun back in front of the queue; whether there was any. */
  takeBack(tasks: Iterable<Task>): boolean {
    let isAny = false;
    for (const task of [...tasks].reverse()) {
      if (task.state !== 'sent' || !task.member!.takeBack(task)) continue;
      this.ledger.requeue(task);
      isAny = true;
    }
    return isAny;
  }

  /** Puts the oldest of the tasks that were sent ahead back into the queue. */
  recallOldest(): Task | null {
    if (!this.#sendsAhead) return null;
    const ahead = [...this.crew.roster.members.values()].flatMap((member) => member.ahead);
    ahead.sort(byAge);
    return ahead.find((task) => !task.pinnedTo && this.takeBack([task])) ?? null;
  }

  /** Stops the flow: what was sent ahead comes back. What moved its arguments cannot, and counts as started. */
  stop(): void {
    this.isFlowing = false;
    const members = [...this.crew.roster.members.values()];
    this.takeBack(waitingAt(members));
    for (const member of members) {
      for (const task of member.tasks) if (task.moves) this.ledger.start(task, member.id, this.clock.now());
      this.crew.update(member);
    }
  }

  get #sendsAhead(): boolean {
    return this.crew.engine.presend > 0;
  }

  readonly #flush = (): void => {
    this.#isFlushDue = false;
    this.level();
  };

  #flushAfterThisTurn(): void {
    this.#isFlushDue = true;
    process.nextTick(this.#flush);
  }

  #fill(): void {
    const { queue } = this.ledger;
    this.#startPinned();
    while (this.isFlowing && queue.size > 0) {
      const member = this.crew.roster.take();
      if (!member) break;
      this.#assign(member, queue.shift()!);
    }
    if (!this.isFlowing || queue.size === 0) return;
    this.crew.demand(queue.size);
    // Where nobody can be had, nobody waits any more.
    const next = queue.peek();
    if (next && this.#sendsAhead) this.#sendAhead(this.#estimate(next));
  }

  /** Workers begin what only they may run before they take from the queue. */
  #startPinned(): void {
    if (!this.isFlowing || this.ledger.aside.size === 0) return;
    for (const member of this.crew.roster.members.values()) {
      while (member.mayStartPinned) {
        this.crew.roster.claim(member);
        this.#assign(member, member.pinned.peek()!);
      }
    }
  }

  /** Levels the work that members hold: those with the least get most. `estimate` is for the next task. */
  #sendAhead(estimate: number): void {
    const { queue } = this.ledger;
    // Whoever is to leave is free the sooner.
    if (estimate > PRESEND_MS || this.crew.roster.staff.size > this.crew.allowed) return;
    const takers = [...this.crew.roster.staff].filter((member) => this.#mayHoldAhead(member));
    takers.sort((a, b) => a.backlogMs - b.backlogMs);
    let work = takers.reduce((sum, member) => sum + member.backlogMs, estimate * queue.size);
    // Whoever has more than its share already takes no part.
    while (takers.length > 1 && takers.at(-1)!.backlogMs * takers.length >= work) work -= takers.pop()!.backlogMs;
    const level = (work / takers.length) * ROUNDING;
    for (const member of takers) {
      for (let task = queue.peek(); task && member.backlogMs < level; task = queue.peek()) {
        if (!this.#fits(task, member)) break;
        this.#assign(member, queue.shift()!);
      }
    }
  }

  #mayHoldAhead(member: Member): boolean {
    const { state, expectsExit, isFit, tasks, ghosts, pinned } = member;
    if (state !== 'ready' || expectsExit || !isFit) return false;
    return tasks.size > 0 && ghosts.size === 0 && pinned.size === 0;
  }

  #fits(task: Task, member: Member): boolean {
    const { engine, options } = this.crew;
    const held = member.tasks.size;
    if (held > engine.presend || member.ended + held >= options.recycle.afterTasks) return false;
    // One place stays free, for when the worker is idle and a task that was taken back still has its place.
    if (member.worker.room - member.outbox.length < 2) return false;
    if (member.backlogMs + this.#estimate(task) > PRESEND_MS) return false;
    return !task.moves || (held <= MOST_MOVED && [...member.tasks].every(isUndisturbed));
  }

  #assign(member: Member, task: Task): void {
    task.estimateMs = this.#estimate(task);
    this.ledger.send(task, member);
    this.crew.roster.list(member);
    this.#correspondents.add(member);
  }

  #deliver(): void {
    for (const member of this.#correspondents) {
      this.#correspondents.delete(member);
      const tasks = member.outbox;
      member.outbox = [];
      if (tasks.length > 0) member.worker.dispatch(tasks);
    }
  }

  #estimate(task: Task): number {
    // Its reader sets the pace, and nothing shall wait for that.
    if (task.answer === 'stream') return LONG_MS;
    const { timeoutMs } = task.settings;
    if (timeoutMs !== null && timeoutMs < SHORT_DEADLINE_MS) return LONG_MS;
    return Math.min(LONG_MS, this.ledger.meters.longestServiceMs(task.name));
  }

  #mostAhead(): Member | null {
    let [found, most]: [Member | null, number] = [null, WORTH_TAKING_MS];
    for (const member of this.crew.roster.members.values()) {
      if (member.tasks.size < 2) continue;
      const ahead = member.backlogMs - member.head!.estimateMs;
      if (ahead >= most) [found, most] = [member, ahead];
    }
    return found;
  }

  #keepWatch(): void {
    if (this.#watch || this.ledger.counters.sent === 0 || !this.#sendsAhead) return;
    this.#watch = this.clock.schedule(WATCH_MS, () => this.#inspect());
  }

  /** Results that a worker has had no time to announce are fetched; a worker that is held up gives back its work. */
  #inspect(): void {
    this.#watch = null;
    const heldUp: Member[] = [];
    for (const member of Array.from(this.crew.roster.members.values())) {
      if (member.tasks.size < 2) continue;
      member.worker.poll();
      const { head } = member;
      if (head?.state !== 'started' || this.clock.now() - head.startedAt < WATCH_MS) continue;
      member.backlogMs += LONG_MS - head.estimateMs;
      head.estimateMs = LONG_MS;
      heldUp.push(member);
    }
    this.takeBack(waitingAt(heldUp));
    this.level();
  }
}

/** What has not begun, in the order in which it was sent; from several members, in the order of acceptance. */
function waitingAt(members: readonly Member[]): Task[] {
  const held = members.map(({ tasks }) => [...tasks].filter((task) => task.state === 'sent'));
  const holders = held.filter((tasks) => tasks.length > 0);
  return holders.length > 1 ? holders.flat().sort(byAge) : holders.flat();
}

function byAge(a: Task, b: Task): number {
  return a.id - b.id;
}

/** Whether nobody can cut this task short, and its thread with it. */
function isUndisturbed({ settings }: Task): boolean {
  return settings.signals.length === 0 && settings.timeoutMs === null;
}
