import type { WorkerExitReason } from '../contract/events.js';
import type { Clock, Timer } from '../clock.js';
import type { Engine, EngineTask, Outcome, WorkerExit } from '../engine.js';
import { PoolConfigError } from '../errors.js';
import { BackOff } from './back-off.js';
import { bootDelay } from './boot-slots.js';
import { IdleExpiry } from './idle-expiry.js';
import { Member } from './member.js';
import { Recycler } from './recycler.js';
import type { ResolvedPoolOptions } from './resolve-options.js';
import { Roster } from './roster.js';
import type { PoolReports } from './task-reports.js';

/** What the crew tells its pool. */
export interface CrewEvents {
  /** A worker begins to boot. What it must run before anything else is pinned to it now, and it is not fit until then. */
  born(member: Member): void;
  ready(member: Member, tasks: readonly string[]): void;
  started(member: Member, task: EngineTask): void;
  /** Of whatever member. */
  readonly reports: PoolReports;
  settled(member: Member, outcomes: readonly Outcome[]): void;
  gone(member: Member, exit: WorkerExit): void;
  /** No worker can boot (three failures in a row, or a wrong configuration) and none is left; the crew goes on trying. */
  cannotBoot(member: Member, exit: WorkerExit): void;
  /** Whether anybody waits for a worker. */
  isAwaited(): boolean;
  /** A surplus worker must leave now, its tasks included. */
  evict(member: Member): void;
  /** Something about the size changed. */
  changed(): void;
}

/** After this many failed boots in a row, what waits for a worker is told. */
const BOOT_ATTEMPTS = 3;

/**
 * The workers of a pool: keeps as many as are wanted, replaces the lost, lets the surplus and the idle leave.
 *
 * Wanted is `target`, less what idle expiry took, which load brings back. Before `start()` nobody is
 * wanted; after `dismissAll()` everybody leaves. Surplus goes first by starting members, the youngest of them first, then
 * by idle ones, else by whichever is free first.
 */
export class Crew {
  readonly roster: Roster;
  target: number;
  readonly expiry: IdleExpiry;
  #phase: 'new' | 'running' | 'ending' = 'new';
  #nextId = 1;
  #bootFailures = 0;
  #retryTimer: Timer | null = null;
  readonly #backOff = new BackOff();
  readonly #recycler: Recycler;

  constructor(
    readonly engine: Engine,
    readonly options: ResolvedPoolOptions,
    readonly clock: Clock,
    readonly events: CrewEvents,
  ) {
    this.roster = new Roster(options.concurrency);
    this.target = options.initial;
    this.expiry = new IdleExpiry(options, clock, {
      longestIdle: () => this.roster.longestIdle,
      wanted: () => this.wanted,
      sendAway: (member) => this.#sendAway(member, 'idle'),
      changed: () => events.changed(),
    });
    this.#recycler = new Recycler(options.recycle, clock, () => this.reconcile());
  }

  get wanted(): number {
    return this.#phase === 'running' ? this.target - this.expiry.taken : 0;
  }

  /** Members allowed: those wanted, and the replacement of one that is being recycled. */
  get allowed(): number {
    return this.#phase === 'running' ? this.wanted + this.#recycler.extra : 0;
  }

  /** Ready members that count towards the target. */
  get ready(): number {
    let ready = 0;
    for (const member of this.roster.staff) if (member.state === 'ready') ready++;
    return ready;
  }

  /** Whether the size is what is wanted, with nobody on the way in or out. */
  get isSettled(): boolean {
    return this.ready === this.wanted && this.roster.count((member) => member.exitReason === 'shrunk') === 0;
  }

  /** Starts the initial workers. Throws what the engine throws where it refuses to spawn any. */
  start(): void {
    if (this.#phase !== 'new') return;
    this.#phase = 'running';
    this.reconcile();
  }

  get isStarted(): boolean {
    return this.#phase !== 'new';
  }

  resize(target: number): void {
    this.target = target;
    this.recall();
  }

  /** As `resize`, but for fewer workers nobody is brought back: those whom idle expiry took count as gone first. */
  scale(target: number): void {
    if (target >= this.target) return this.resize(target);
    this.expiry.taken = Math.max(0, target - this.wanted);
    this.target = target;
    this.reconcile();
  }

  /** Brings back what idle expiry took, at least up to `size` workers. */
  recall(size: number = this.target): void {
    this.expiry.recall(Math.max(0, this.target - size));
    this.reconcile();
  }

  /** Tasks wait and nobody is free: bring back expired workers for those that no starting one will serve. */
  demand(waiting: number): void {
    if (this.expiry.taken > 0) this.recall(Math.min(this.target, this.ready + waiting));
    else if (this.#retryTimer) this.reconcile();
  }

  /** Makes the size follow what is wanted, both ways. */
  reconcile(): void {
    this.#retryTimer?.cancel();
    this.#retryTimer = null;
    while (this.roster.staff.size < this.allowed && this.#mayStart()) this.#spawn();
    // Enough are ready without the one that is due: it goes before anybody else.
    for (let due = this.#recycler.next; due && this.ready > this.wanted; due = this.#recycler.next) {
      this.#sendAway(due, 'recycled');
    }
    while (this.roster.staff.size > this.allowed) {
      const spare = this.#spareMember();
      if (!spare) break;
      this.#sendAway(spare, this.#phase === 'ending' ? 'closed' : 'shrunk');
    }
    this.expiry.arm();
    this.events.changed();
  }

  /**
   * Shrinks to the target now: surplus members are evicted, those first that run nothing any caller waits for, then
   * those with the youngest tasks.
   */
  shedEagerly(): void {
    const surplus = this.roster.staff.size - this.wanted;
    if (surplus <= 0) return;
    const youngestTask = (member: Member) => {
      const starts = [...member.tasks].filter((task) => task.state === 'started').map((task) => task.startedAt);
      return starts.length === 0 ? Infinity : Math.max(...starts);
    };
    const byAge = [...this.roster.staff].sort((a, b) => youngestTask(b) - youngestTask(a));
    for (const member of byAge.slice(0, surplus)) {
      this.#sendAway(member, 'shrunk');
      this.events.evict(member);
    }
  }

  /** A slot of this member was taken or freed: list it for work, or let it go. */
  update(member: Member): void {
    if (member.state !== 'ready' || member.expectsExit) return;
    if (member.load === 0 && (member.mustLeave || this.roster.staff.size > this.allowed)) {
      this.#sendAway(member, this.#phase === 'ending' ? 'closed' : 'shrunk');
      this.events.changed();
    } else if (!member.mustLeave) {
      if (member.load === 0) member.idleSince = this.clock.now();
      this.roster.list(member);
      if (member.load === 0) this.expiry.arm();
    }
  }

  /** Ends the crew: whoever is free leaves now, the others when they are free. */
  dismissAll(): void {
    this.#phase = 'ending';
    this.#retryTimer?.cancel();
    this.expiry.cancel();
    this.reconcile();
  }

  /** Lets a member go once it is free, and replaces it now. */
  release(member: Member, reason: WorkerExitReason): void {
    this.#sendAway(member, reason);
    this.reconcile();
  }

  /** A member has run what it must have run before anything else; it may be gone by now. */
  declareFit(member: Member): void {
    if (!this.roster.members.has(member.id)) return;
    member.isFit = true;
    this.#bootFailures = 0;
    this.update(member);
  }

  /** A member that cannot run what it must is as good as one that did not boot: it goes, as a crash. */
  declareUnfit(member: Member): void {
    if (!this.roster.members.has(member.id) || member.state === 'leaving' || member.expectsExit) return;
    this.#dismiss(member, 'crashed');
    member.state = 'leaving';
    member.worker.terminate();
  }

  /** Stops a member at once; `reason` says why it was asked to, so that its exit is no crash. */
  terminate(member: Member, reason: WorkerExitReason): void {
    this.#dismiss(member, reason);
    member.expectsExit = true;
    member.worker.terminate();
  }

  #mayStart(): boolean {
    const now = this.clock.now();
    const { bootsAtOnce = Infinity } = this.engine;
    const delay = Math.max(this.#backOff.remaining(now), bootDelay(this.roster.members.values(), bootsAtOnce, now));
    // Whoever waits for a worker must not find the process gone; a pool that nobody waits for holds none.
    const keepAlive = this.events.isAwaited();
    if (delay > 0) this.#retryTimer ??= this.clock.schedule(delay, () => this.reconcile(), { keepAlive });
    return delay === 0;
  }

  #spawn(): void {
    const member = new Member(this.#nextId, this.clock.now(), this.options.concurrency);
    try {
      member.worker = this.engine.spawn(member.id, {
        ...this.events.reports,
        ready: (info) => this.#onReady(member, info.threadId, info.tasks),
        started: (task) => this.events.started(member, task),
        settled: (outcomes) => this.#onSettled(member, outcomes),
        exited: (exit) => this.#onExit(member, exit),
      });
    } catch (error) {
      return this.#onRefusal(member, error);
    }
    this.#nextId++;
    this.roster.add(member);
    this.events.born(member);
  }

  /** The first refusal is for whoever starts the pool to hear; later on nobody would, so it counts as a failed boot. */
  #onRefusal(member: Member, error: unknown): void {
    if (member.id === 1) {
      this.#phase = 'new';
      throw error;
    }
    this.#nextId++;
    this.#onExit(member, { code: null, error, claim: () => 'sent' });
  }

  #onReady(member: Member, threadId: number | null, tasks: readonly string[]): void {
    if (member.state !== 'starting' || member.expectsExit) return;
    member.state = 'ready';
    member.threadId = threadId;
    if (member.isFit) this.#bootFailures = 0;
    this.#recycler.joined(member);
    this.update(member);
    this.events.ready(member, tasks);
    this.reconcile();
  }

  #onSettled(member: Member, outcomes: readonly Outcome[]): void {
    // While new workers fail to boot, what older ones end says nothing about the next one.
    const isGoodSign = outcomes.length > 0 && this.#bootFailures === 0;
    // A boot that only waits for a core is no reason to look again at each reply.
    const isHeldBack = isGoodSign && this.#retryTimer !== null && this.#backOff.remaining(this.clock.now()) > 0;
    if (isGoodSign) this.#backOff.reset();
    member.ended += outcomes.length;
    if (member.state === 'ready' && !member.mustLeave) this.#recycler.consider(member);
    this.events.settled(member, outcomes);
    if (isHeldBack) this.reconcile();
  }

  #onExit(member: Member, exit: WorkerExit): void {
    const wasFit = member.state !== 'starting' && member.isFit;
    const failedToBoot = !wasFit && !member.expectsExit && this.#phase !== 'ending';
    member.clearTimers();
    this.roster.delete(member);
    this.#recycler.left(member);
    if (!member.expectsExit) {
      member.exitReason = 'crashed';
      this.#backOff.failed(this.clock.now());
      // What is wrong with the configuration will be wrong the next time too.
      if (failedToBoot) this.#bootFailures += exit.error instanceof PoolConfigError ? BOOT_ATTEMPTS : 1;
    }
    this.events.gone(member, exit);
    if (failedToBoot && this.#bootFailures >= BOOT_ATTEMPTS && this.ready === 0) this.events.cannotBoot(member, exit);
    this.reconcile();
  }

  /** A member that can leave without interrupting anything: the last that began to boot, or the one idle longest. */
  #spareMember(): Member | null {
    let youngest: Member | null = null;
    for (const member of this.roster.staff) if (member.state === 'starting') youngest = member;
    return youngest ?? this.roster.longestIdle;
  }

  #sendAway(member: Member, reason: WorkerExitReason): void {
    this.#dismiss(member, reason);
    if (member.state === 'starting') this.terminate(member, reason);
    else if (member.state === 'ready' && member.load === 0) {
      member.state = 'leaving';
      member.expectsExit = true;
      member.worker.retire();
    }
  }

  /** From here on it counts no more and gets no task. */
  #dismiss(member: Member, reason: WorkerExitReason): void {
    member.exitReason ??= reason;
    member.mustLeave = true;
    this.roster.dismiss(member);
    this.#recycler.left(member);
  }
}
