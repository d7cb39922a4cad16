import type { Clock } from '../clock.js';
import type { EngineTask, Outcome, WorkerExit } from '../engine.js';
import type { PoolError } from '../errors.js';
import type { Counters } from './counters.js';
import type { Crew } from './crew.js';
import type { EventHub } from './event-hub.js';
import { Feeder } from './feeder.js';
import { Ghosts } from './ghosts.js';
import { Lobby } from './lobby.js';
import { LocalRuns } from './local-runs.js';
import { LostTasks } from './lost-tasks.js';
import type { Member } from './member.js';
import { fullError, unknownTaskError, workerLeftError } from './pool-errors.js';
import { Quarantine } from './quarantine.js';
import type { ResolvedPoolOptions } from './resolve-options.js';
import { RetryLine } from './retry-line.js';
import type { Task, TaskRequest } from './task.js';
import { TaskLedger } from './task-ledger.js';
import { taskReports, type PoolReports } from './task-reports.js';

/**
 * The way of a task: from the caller into the queue or past it, to a worker, and back. What happened is written down in
 * the ledger; where a task goes next is the feeder's business.
 */
export class Dispatcher {
  readonly ledger: TaskLedger;
  readonly lobby: Lobby;
  readonly quarantine: Quarantine;
  readonly #losses: LostTasks;
  /** Where engines tell what tasks yield and report. */
  readonly reports: PoolReports;
  #crew!: Crew;
  #feeder!: Feeder;
  #ghosts!: Ghosts;
  #localRuns!: LocalRuns;
  #taskNames: ReadonlySet<string> | null = null;
  /** Told when tasks are left waiting; often. */
  onWaiting: (() => void) | null = null;

  constructor(
    readonly options: ResolvedPoolOptions,
    readonly clock: Clock,
    readonly counters: Counters,
    events: EventHub,
    readonly onQuiet: () => void,
  ) {
    const crewSize = () => this.#crew.ready;
    this.ledger = new TaskLedger(options, clock, counters, events, {
      forsaken: (task, member, hasBegun, reason) => this.#onForsaken(task, member, hasBegun, reason),
      unpinned: (member) => this.#onUnpinned(member),
      ended: () => this.#onEnded(),
      get workers() {
        return crewSize();
      },
    });
    this.quarantine = new Quarantine(options, clock, events);
    const retries = new RetryLine(this.ledger, clock, counters, events, () => this.#feeder.level());
    this.#losses = new LostTasks(options, this.ledger, this.quarantine, retries, (name) => this.#recall(name));
    this.reports = taskReports(events, this.ledger);
    this.lobby = new Lobby(clock, (request) => this.#letIn(request));
  }

  /** The workers; known before the first task. */
  attach(crew: Crew): void {
    this.#crew = crew;
    this.#feeder = new Feeder(crew, this.ledger, this.clock, () => this.#onFed());
    this.#ghosts = new Ghosts(crew, this.clock, this.options);
    this.#localRuns = new LocalRuns(crew.engine, this.ledger, this.clock, this.reports);
  }

  get isQuiet(): boolean {
    return this.ledger.isQuiet;
  }

  /** The task that has waited longest. */
  get oldest(): Task | null {
    let oldest = this.ledger.queue.oldest();
    if (this.counters.sent === 0) return oldest;
    for (const { tasks } of this.#crew.roster.members.values()) {
      for (const task of tasks) if (task.state === 'sent' && !(oldest && oldest.id < task.id)) oldest = task;
    }
    return oldest;
  }

  /** Learns the names of the tasks, and fails what waits under another name. */
  learnTasks(names: readonly string[]): void {
    if (this.#taskNames) return;
    this.#taskNames = new Set(names);
    for (const task of this.ledger.waiting) {
      const unknown = this.#unknownTask(task.name);
      if (unknown) this.ledger.fail(task, unknown);
    }
  }

  /**
   * Takes a call in, or does what the overflow policy says; with `waitsForRoom`, it waits in the lobby under any policy.
   * @throws TaskNotFoundError, TaskQuarantinedError, PoolFullError; such a call was never submitted.
   */
  accept<R>(request: TaskRequest, waitsForRoom = false): Promise<R> {
    const refusal = this.#refusal(request);
    if (refusal) throw refusal;
    const mayBeShort = request.reader === null && this.#feeder.isFlowing;
    if (mayBeShort && this.#localRuns.suits(request.name)) return this.#runHere(request);
    // What the flush of this turn would send makes room now.
    if (this.ledger.taken >= this.options.queueCapacity) this.#feeder.feed();
    if (this.#hasRoom && this.lobby.isEmpty) return this.#submit(request);
    const { overflow, waitMs } = this.options;
    if (waitsForRoom) return this.lobby.enter(request, null, () => this.#turnAway());
    if (overflow === 'wait') return this.lobby.enter(request, waitMs, () => this.#turnAway());
    if (overflow === 'caller-runs' && this.#feeder.isFlowing) return this.#runHere(request);
    if (overflow !== 'drop-oldest' || !this.#dropOldest()) throw this.#turnAway();
    return this.#submit(request);
  }

  /**
   * Takes a call in once for each of these workers, whatever the overflow policy.
   * @throws TaskNotFoundError, TaskQuarantinedError, PoolFullError; such a call was never submitted.
   */
  acceptForEach<R>(request: TaskRequest, members: readonly Member[]): Promise<R>[] {
    const refusal = this.#refusal(request);
    if (refusal) throw refusal;
    if (this.ledger.taken + members.length > this.options.queueCapacity) this.#feeder.feed();
    if (this.ledger.taken + members.length > this.options.queueCapacity) throw this.#turnAway();
    const results = members.map((member) => this.#pin<R>(request, member, false));
    this.#feeder.level();
    return results;
  }

  /** What a worker that is born catches up on; it begins as the worker is ready. */
  async catchUp(request: TaskRequest, member: Member): Promise<unknown> {
    const refusal = this.quarantine.refusal(request);
    if (refusal) throw refusal;
    return this.#pin(request, member, true);
  }

  /** The options have changed: a longer queue lets callers in that wait for room. */
  reconfigured(): void {
    this.ledger.load.objectiveMs = this.options.objectiveMs;
    this.#admit();
  }

  /** Lets waiting tasks start, or no more. */
  setFlowing(isFlowing: boolean): void {
    if (!isFlowing) return this.#feeder.stop();
    if (!this.#feeder.isFlowing) this.ledger.flowing();
    this.#feeder.isFlowing = true;
    this.#feeder.level();
  }

  /** A worker joined, or something else changed that lets tasks start. */
  pump(): void {
    this.#feeder.level();
  }

  started(workerId: number, task: EngineTask): void {
    this.ledger.start(task as Task, workerId, this.clock.now());
  }

  settled(member: Member, outcomes: readonly Outcome[]): void {
    const now = this.clock.now();
    for (const outcome of outcomes) {
      const task = outcome.task as Task;
      if (outcome.ok) this.quarantine.absolve(task);
      if (member.drop(task)) this.ledger.conclude(task, member.id, outcome, now);
      else this.#ghosts.rest(member, task);
    }
    this.#crew.update(member);
    this.#feeder.feedBack();
  }

  /** The worker of these tasks is gone: what it had not started goes back to the front, the rest is lost. */
  gone(member: Member, exit: WorkerExit): void {
    for (const task of [...member.tasks].reverse()) {
      const claim = member.outbox.includes(task) ? 'sent' : exit.claim(task);
      member.drop(task);
      if (claim === 'sent' && !task.moves) this.ledger.requeue(task);
      else this.#losses.lose(task, member, exit, claim);
    }
    member.outbox = [];
    for (const task of [...member.pinned]) this.ledger.cancel(task, workerLeftError(this.options, member));
    this.#feeder.level();
  }

  /** Takes back what was sent ahead under this name; returns how to go on with those who had it. */
  #recall(task: string): () => void {
    const members = Array.from(this.#crew.roster.members.values());
    const had = members.filter(({ tasks }) => this.#feeder.takeBack([...tasks].filter(({ name }) => name === task)));
    return () => had.forEach((member) => this.#crew.update(member));
  }

  /** Empties a member: what it has not started waits again, what it runs is cancelled. */
  evict(member: Member, reason: unknown): void {
    this.#feeder.takeBack(member.tasks);
    for (const task of [...member.tasks].reverse()) this.ledger.cancel(task, reason);
    for (const task of [...member.pinned]) this.ledger.cancel(task, workerLeftError(this.options, member));
    this.#crew.update(member);
    this.#feeder.level();
  }

  cancelEverything(reason: unknown): void {
    const sent = [...this.#crew.roster.members.values()].flatMap((member) => [...member.tasks]);
    for (const task of [...this.ledger.waiting, ...sent, ...this.#localRuns.tasks]) this.ledger.cancel(task, reason);
  }

  failWaiting(error: (task: Task) => unknown): void {
    for (const task of this.ledger.waiting) this.ledger.fail(task, error(task));
  }

  /** It counts as a load of the worker from now on, which is not idle meanwhile. */
  #pin<R>(request: TaskRequest, member: Member, isCatchUp: boolean): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.ledger.pin(request, member, isCatchUp, resolve, reject);
      this.#crew.roster.claim(member);
      this.#crew.update(member);
    });
  }

  /** Whether the queue has a place, or a worker is free. */
  get #hasRoom(): boolean {
    const { taken, queue } = this.ledger;
    if (taken < this.options.queueCapacity) return true;
    // What free workers are about to take needs no place.
    const free = this.#feeder.isFlowing ? this.#crew.roster.freeSlots : 0;
    return queue.size < free || taken - free < this.options.queueCapacity;
  }

  #submit<R>(request: TaskRequest): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.ledger.enqueue(request, resolve, reject);
      // A free worker has room for it, the queue has not.
      if (this.ledger.taken > this.options.queueCapacity) this.#feeder.feed();
      else this.#feeder.offer();
    });
  }

  /** There is room for it now. Since it came it may have turned out that its task does not exist, or must not run. */
  #letIn<R>(request: TaskRequest): Promise<R> {
    const refusal = this.#refusal(request);
    return refusal ? Promise.reject(refusal) : this.#submit(request);
  }

  #runHere<R>(request: TaskRequest): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      void this.#localRuns.run(this.ledger.runHere(request, resolve, reject));
    });
  }

  /** The task that has waited longest in the queue makes room; with none there, the first that a worker can give back. */
  #dropOldest(): boolean {
    const oldest = this.ledger.queue.oldest() ?? this.#feeder.recallOldest();
    if (oldest) this.ledger.drop(oldest);
    return oldest !== null;
  }

  /** The caller has its answer; a task that has begun is asked to end, and nothing waits behind it meanwhile. */
  #onForsaken(task: Task, member: Member, hasBegun: boolean, reason: unknown): void {
    if (hasBegun) {
      this.#ghosts.haunt(member, task, reason);
      this.#feeder.takeBack(member.tasks);
    }
    this.#crew.update(member);
    this.#feeder.level();
  }

  /** Its worker may be gone by now: then that is why. */
  #onUnpinned(member: Member): void {
    if (this.#crew.roster.members.has(member.id)) this.#crew.update(member);
  }

  #onFed(): void {
    this.#admit();
    if (this.ledger.depth > 0) this.onWaiting?.();
  }

  #onEnded(): void {
    this.#admit();
    if (this.isQuiet) this.onQuiet();
  }

  #refusal(request: TaskRequest): PoolError | null {
    return this.#unknownTask(request.name) ?? this.quarantine.refusal(request);
  }

  #unknownTask(task: string): PoolError | null {
    const known = this.#taskNames;
    return !known || known.has(task) ? null : unknownTaskError(this.options, task, known);
  }

  #turnAway(): PoolError {
    this.counters.refused++;
    const { mean } = this.ledger.service.read(this.clock.now());
    return fullError(this.options, this.ledger.depth, this.#crew.ready, mean);
  }

  #admit(): void {
    if (!this.lobby.isEmpty) this.lobby.admit(() => this.#hasRoom);
  }
}
