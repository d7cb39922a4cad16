import type { Clock } from '../clock.js';
import type { Outcome } from '../engine.js';
import { createQueue } from '../queue/create-queue.js';
import type { TaskQueue } from '../queue/task-queue.js';
import { CumulativeHistogram } from '../stats/cumulative-histogram.js';
import { SlidingDurations } from '../stats/sliding-durations.js';
import { AbortWatch } from './abort-watch.js';
import type { Counters } from './counters.js';
import { Deadlines } from './deadlines.js';
import type { EventHub } from './event-hub.js';
import { LoadSums } from './load-sums.js';
import type { Member } from './member.js';
import { droppedError, queueTimeoutError, taskTimeoutError } from './pool-errors.js';
import type { ResolvedPoolOptions } from './resolve-options.js';
import { Task, type TaskRequest, type WaitingPlace } from './task.js';
import { TaskMeters } from './task-meters.js';

/** Stands for a worker's id where a task runs on the calling thread. */
export const CALLER = 0;

/** What a ledger tells its dispatcher. */
export interface LedgerEvents {
  /** The caller of a task that a worker had was answered before the task ended. */
  forsaken(task: Task, member: Member, hasBegun: boolean, reason: unknown): void;
  /** A task that this worker would have run next came to its end before. */
  unpinned(member: Member): void;
  /** A task came to its end. */
  ended(): void;
  /** Ready workers, for messages. */
  readonly workers: number;
}

/**
 * Where each task is: the only place where a task's state and the counters change, always both at once. A task is
 * answered exactly once, whatever befalls it.
 */
export class TaskLedger {
  readonly queue: TaskQueue<Task>;
  readonly wait: SlidingDurations;
  readonly service: SlidingDurations;
  readonly meters = new TaskMeters();
  readonly load: LoadSums;
  /** Of every task, whatever `sampleEvery` says. */
  readonly waits = new CumulativeHistogram();
  readonly services = new CumulativeHistogram();
  /** Tasks that wait elsewhere than in the queue. */
  readonly aside = new Set<Task>();
  /** Tasks by which new workers catch up, and that have not settled. */
  #catchingUp = 0;
  /** Those of them that wait. */
  #catchUpsAside = 0;
  readonly #deadlines: Deadlines;
  readonly #aborts = new AbortWatch<Task>((task, reason) => this.cancel(task, reason));
  #nextId = 1;
  #queuedSince = 0;
  #noneEndedSince = 0;

  constructor(
    readonly options: ResolvedPoolOptions,
    readonly clock: Clock,
    readonly counters: Counters,
    readonly events: EventHub,
    readonly dispatcher: LedgerEvents,
  ) {
    this.queue = createQueue<Task>(options.order, options.weights);
    this.wait = new SlidingDurations(options.windowMs);
    this.service = new SlidingDurations(options.windowMs);
    this.load = new LoadSums(options.objectiveMs);
    this.#deadlines = new Deadlines(clock, {
      waitedTooLong: (task, ms) => this.fail(task, queueTimeoutError(options, task.name, ms, dispatcher.workers)),
      ranTooLong: (task, ms) => {
        this.meters.recordLoss(task.name);
        this.fail(task, taskTimeoutError(options, task.name, ms));
      },
    });
  }

  /** Tasks that wait: in the queue, aside, or pre-sent. */
  get depth(): number {
    return this.queue.size + this.aside.size + this.counters.sent;
  }

  /** Tasks that no worker has, as they are now. */
  get waiting(): Task[] {
    return [...this.queue, ...this.aside];
  }

  /** Places of the queue that are taken: by whatever waits, but for what new workers catch up on. */
  get taken(): number {
    return this.depth - this.#catchUpsAside;
  }

  /** Whether nothing that was accepted is left to do. */
  get isQuiet(): boolean {
    return this.depth + this.counters.running === this.#catchingUp;
  }

  /** For how long tasks have waited without a break, milliseconds; 0 while none does. */
  queuedForMs(now: number): number {
    return this.depth === 0 ? 0 : now - this.#queuedSince;
  }

  /** For how long there have been tasks and none has ended where it ran, milliseconds, from the end of a pause on; 0 while there are none. */
  noneEndedForMs(now: number): number {
    return this.isQuiet ? 0 : now - this.#noneEndedSince;
  }

  /** Tasks may start again: none could end meanwhile. */
  flowing(): void {
    this.#noneEndedSince = this.clock.now();
  }

  /** A task yielded an item: a sign of life, as an end is. */
  yielded(): void {
    this.#noneEndedSince = this.clock.now();
  }

  /** Takes a call into the queue. */
  enqueue(request: TaskRequest, resolve: (value: never) => void, reject: (reason: unknown) => void): Task {
    const task = this.#open(request, resolve, reject);
    this.queue.push(task);
    this.#announce(task);
    this.#deadlines.startWait(task);
    return task;
  }

  /** Takes a call in that only this worker may run. */
  pin(
    request: TaskRequest,
    member: Member,
    isCatchUp: boolean,
    resolve: (value: never) => void,
    reject: (reason: unknown) => void,
  ): Task {
    const task = this.#open(request, resolve, reject);
    task.pinnedTo = member;
    task.isCatchUp = isCatchUp;
    if (isCatchUp) this.#catchingUp++;
    this.#putAside(task, member.pinned);
    member.pinned.push(task);
    this.#announce(task);
    this.#deadlines.startWait(task);
    return task;
  }

  /** A task that a worker had begun waits again, elsewhere than in the queue. */
  setAside(task: Task, place: WaitingPlace): void {
    if (this.depth === 0) this.#queuedSince = this.clock.now();
    this.#uncount(task);
    task.setTimer(null);
    this.#putAside(task, place);
  }

  /** Takes a call in that runs on the calling thread, at once. */
  runHere(request: TaskRequest, resolve: (value: never) => void, reject: (reason: unknown) => void): Task {
    const task = this.#open(request, resolve, reject);
    task.state = 'sent';
    this.counters.sent++;
    this.#announce(task);
    this.start(task, CALLER, task.waitsSince);
    return task;
  }

  /** A task that was taken from the queue, or is pinned to this worker, goes to it. */
  send(task: Task, member: Member): void {
    if (task.state === 'aside') this.#uncount(task);
    // A new worker catches up once it has booted: nobody waited for that, and more workers would not shorten it.
    if (task.isCatchUp) task.waitsSince = this.clock.now();
    task.state = 'sent';
    this.counters.sent++;
    member.assign(task);
  }

  start(task: Task, workerId: number, at: number): void {
    if (task.state !== 'sent') return;
    this.#begin(task, workerId, at);
    this.#deadlines.startRun(task);
  }

  /** A worker had the task and it has not begun: as if it had never been sent, deadlines included. Or it is to run again. */
  requeue(task: Task): void {
    if (this.depth === 0) this.#queuedSince = this.clock.now();
    this.#uncount(task);
    task.setTimer(null);
    if (task.pinnedTo) {
      this.#putAside(task, task.pinnedTo.pinned);
      task.pinnedTo.pinned.unshift(task);
    } else {
      task.state = 'queued';
      this.queue.unshift(task);
    }
    this.#deadlines.startWait(task);
  }

  /** A task ended where it ran. */
  conclude(task: Task, workerId: number, { ok, value, timing, startedAt }: Outcome, now: number): void {
    if (task.state === 'settled') return;
    if (task.state === 'sent' && startedAt !== undefined) this.#begin(task, workerId, startedAt);
    // A listener of `started` may have cancelled it.
    if (hasSettled(task)) return;
    this.#noneEndedSince = now;
    let serviceMs: number | undefined;
    if (task.state === 'started') {
      serviceMs = now - task.startedAt;
      this.load.served(serviceMs);
      this.services.record(serviceMs);
      if (task.id % this.options.sampleEvery === 0) this.service.record(now, serviceMs);
      if (workerId === CALLER) this.meters.recordHere(task.name, ok, timing.serviceMs);
      else this.meters.record(task.name, ok, timing);
    } else this.meters.recordLoss(task.name);
    if (ok) this.#complete(task, workerId, value, now - task.startedAt);
    else this.fail(task, value, serviceMs);
  }

  /** `serviceMs` is known where the task ended by itself. */
  fail(task: Task, error: unknown, serviceMs?: number): void {
    if (task.state === 'settled') return;
    const forsake = this.#withdraw(task);
    this.counters.failed++;
    this.#settle(task, false, error);
    forsake?.(error);
    if (this.events.has('failed')) this.events.emit('failed', { id: task.id, task: task.name, error, serviceMs });
    this.dispatcher.ended();
  }

  /** Cancels a task wherever it is; `reason` is what its caller gets. */
  cancel(task: Task, reason: unknown): void {
    if (task.state === 'settled') return;
    const forsake = this.#withdraw(task);
    this.counters.cancelled++;
    this.#settle(task, false, reason);
    forsake?.(reason);
    if (this.events.has('cancelled')) this.events.emit('cancelled', { id: task.id, task: task.name, reason });
    this.dispatcher.ended();
  }

  /** The queued task that has waited longest gives up its place. */
  drop(task: Task): void {
    const error = droppedError(this.options);
    this.#uncount(task);
    this.counters.dropped++;
    this.#settle(task, false, error);
    if (this.events.has('dropped')) this.events.emit('dropped', { id: task.id, task: task.name });
  }

  #open(request: TaskRequest, resolve: (value: never) => void, reject: (reason: unknown) => void): Task {
    const now = this.clock.now();
    const task = new Task(this.#nextId++, request, now, resolve, reject);
    if (this.depth === 0) {
      this.#queuedSince = now;
      if (this.counters.running === 0) this.#noneEndedSince = now;
    }
    this.counters.submitted++;
    return task;
  }

  #announce(task: Task): void {
    this.#aborts.add(task);
    if (this.events.has('submitted')) this.events.emit('submitted', { id: task.id, task: task.name });
  }

  #begin(task: Task, workerId: number, at: number): void {
    task.state = 'started';
    task.startedAt = at;
    this.counters.sent--;
    this.counters.running++;
    const waitMs = Math.max(0, at - task.waitsSince);
    this.load.started(waitMs);
    this.waits.record(waitMs);
    if (task.id % this.options.sampleEvery === 0) this.wait.record(at, waitMs);
    if (this.events.has('started')) {
      this.events.emit('started', { id: task.id, task: task.name, workerId, waitMs });
    }
  }

  #complete(task: Task, workerId: number, value: unknown, serviceMs: number): void {
    this.#uncount(task);
    this.counters.completed++;
    this.#settle(task, true, value);
    if (this.events.has('completed')) {
      this.events.emit('completed', { id: task.id, task: task.name, workerId, serviceMs });
    }
    this.dispatcher.ended();
  }

  #settle(task: Task, ok: boolean, value: unknown): void {
    this.#aborts.delete(task);
    if (task.isCatchUp) this.#catchingUp--;
    task.settle(ok, value);
  }

  /**
   * Takes a task out of the place it is in, and out of the count for that place. Where a worker has it, returns what
   * to do about that: for after the caller was answered, since a task may react to its abort at once.
   */
  #withdraw(task: Task): ((reason: unknown) => void) | null {
    const { member, pinnedTo } = task;
    const wasPinned = task.state === 'aside' && pinnedTo !== null;
    this.#uncount(task);
    if (wasPinned) return () => this.dispatcher.unpinned(pinnedTo);
    if (!member) return task.here && ((reason) => task.here!.abort(reason));
    const hasBegun = !member.withdraw(task);
    if (hasBegun) member.drop(task);
    return (reason) => this.dispatcher.forsaken(task, member, hasBegun, reason);
  }

  #putAside(task: Task, place: WaitingPlace): void {
    task.state = 'aside';
    task.place = place;
    if (task.isCatchUp) this.#catchUpsAside++;
    this.aside.add(task);
  }

  #uncount(task: Task): void {
    if (task.state === 'queued') this.queue.remove(task);
    else if (task.state === 'aside') {
      this.aside.delete(task);
      if (task.isCatchUp) this.#catchUpsAside--;
      task.place!.remove(task);
      task.place = null;
    } else if (task.state === 'sent') this.counters.sent--;
    else this.counters.running--;
  }
}

function hasSettled({ state }: Task): boolean {
  return state === 'settled';
}
