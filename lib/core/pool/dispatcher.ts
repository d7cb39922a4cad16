import type { Clock } from '../clock.js';
import type { EngineTask, Outcome, WorkerExit } from '../engine.js';
import type { PoolError } from '../errors.js';
import { createQueue } from '../queue/create-queue.js';
import type { TaskQueue } from '../queue/task-queue.js';
import { SlidingDurations } from '../stats/sliding-durations.js';
import { AbortWatch } from './abort-watch.js';
import type { Counters } from './counters.js';
import type { Crew } from './crew.js';
import type { EventHub } from './event-hub.js';
import { Lobby } from './lobby.js';
import type { Member } from './member.js';
import {
  crashError,
  droppedError,
  fullError,
  queueTimeoutError,
  taskTimeoutError,
  unknownTaskError,
} from './pool-errors.js';
import type { ResolvedPoolOptions } from './resolve-options.js';
import { Task, type TaskRequest, type TaskState } from './task.js';
import { TaskMeters } from './task-meters.js';

/** Stands for a worker's id where a task runs on the calling thread. */
const CALLER = 0;

/**
 * Moves tasks: from the caller into the queue, to a worker with a free slot, and back as one settlement. It is the
 * only place where a task's state and the counters change, always both at once.
 */
export class Dispatcher {
  readonly queue: TaskQueue<Task>;
  readonly wait: SlidingDurations;
  readonly service: SlidingDurations;
  readonly meters = new TaskMeters();
  readonly lobby: Lobby;
  /** Tasks that run on the calling thread. */
  readonly #here = new Set<Task>();
  readonly #aborts = new AbortWatch((task, reason) => this.cancel(task, reason));
  /** Whether waiting tasks may start. */
  isFlowing = true;
  crew!: Crew;
  #nextId = 1;
  #isPumping = false;
  #taskNames: ReadonlySet<string> | null = null;

  constructor(
    readonly options: ResolvedPoolOptions,
    readonly clock: Clock,
    readonly counters: Counters,
    readonly events: EventHub,
    readonly onQuiet: () => void,
  ) {
    this.queue = createQueue<Task>(options.order, options.weights);
    this.lobby = new Lobby(clock, (request) => this.#submit(request));
    this.wait = new SlidingDurations(options.windowMs);
    this.service = new SlidingDurations(options.windowMs);
  }

  /** Tasks that wait, in the queue or pre-sent. */
  get depth(): number {
    return this.queue.size + this.counters.sent;
  }

  /** Whether nothing that was accepted is left to do. */
  get isQuiet(): boolean {
    return this.depth + this.counters.running === 0;
  }

  /** Learns the names of the tasks, and fails what waits under another name. */
  learnTasks(names: readonly string[]): void {
    if (this.#taskNames) return;
    this.#taskNames = new Set(names);
    for (const task of this.#waiting()) {
      const unknown = this.#unknownTask(task.name);
      if (unknown) this.#fail(task, unknown);
    }
  }

  /**
   * Takes a call in, or does what the overflow policy says.
   * @throws TaskNotFoundError, PoolFullError; such a call was never submitted.
   */
  accept<R>(request: TaskRequest): Promise<R> {
    const unknown = this.#unknownTask(request.name);
    if (unknown) throw unknown;
    if (this.#hasRoom && this.lobby.isEmpty) return this.#submit(request);
    const { overflow, waitMs } = this.options;
    if (overflow === 'wait') return this.lobby.enter(request, waitMs, () => this.#full());
    if (overflow === 'caller-runs' && this.isFlowing) return this.#submit(request, true);
    const oldest = overflow === 'drop-oldest' ? this.queue.oldest() : null;
    if (!oldest) throw this.#full();
    this.#drop(oldest);
    return this.#submit(request);
  }

  /** Starts what may start. */
  pump(): void {
    // What a sent task sets off at once (a refusal to clone, a listener's call) leaves its work to the loop below.
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (this.isFlowing && this.queue.size > 0) {
        const member = this.crew.roster.take();
        if (!member) break;
        this.#send(member, this.queue.shift()!);
      }
    } finally {
      this.#isPumping = false;
    }
    this.#admit();
    if (this.isFlowing && this.queue.size > 0) this.crew.demand(this.queue.size);
  }

  started(workerId: number, engineTask: EngineTask): void {
    const task = engineTask as Task;
    if (task.state !== 'sent') return;
    const now = this.clock.now();
    task.state = 'started';
    task.startedAt = now;
    this.counters.sent--;
    this.counters.running++;
    const waitMs = now - task.acceptedAt;
    if (task.id % this.options.sampleEvery === 0) this.wait.record(now, waitMs);
    const { timeoutMs } = task.request;
    task.setTimer(
      timeoutMs === null
        ? null
        : this.clock.schedule(timeoutMs, () => this.#timeOut(task, timeoutMs), { keepAlive: true }),
    );
    if (this.events.has('started')) {
      this.events.emit('started', { id: task.id, task: task.name, workerId, waitMs });
    }
  }

  settled(member: Member, outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes) {
      const task = outcome.task as Task;
      if (member.tasks.delete(task)) this.#conclude(member.id, task, outcome);
      else {
        member.ghosts.get(task)?.cancel();
        member.ghosts.delete(task);
      }
    }
    this.crew.update(member);
    this.pump();
  }

  /** The worker of these tasks is gone: what it had not started goes back to the front, the rest fails. */
  gone(member: Member, exit: WorkerExit): void {
    for (const task of [...member.tasks].reverse()) {
      const claim = exit.claim(task);
      member.tasks.delete(task);
      if (claim === 'sent') this.#requeue(task);
      else {
        this.meters.recordLoss(task.name);
        this.#fail(task, crashError(this.options, member, exit, task, claim === 'done' ? 'finished' : 'started'));
      }
    }
    this.pump();
  }

  /** Cancels a task wherever it is; `reason` is what its caller gets. */
  cancel(task: Task, reason: unknown): void {
    if (task.state === 'settled') return;
    const stop = this.#withdraw(task);
    this.counters.cancelled++;
    this.#settle(task, false, reason);
    stop?.(reason);
    if (this.events.has('cancelled')) this.events.emit('cancelled', { id: task.id, task: task.name, reason });
    this.#checkQuiet();
  }

  /** Empties a member: what it has not started waits again, what it runs is cancelled. */
  evict(member: Member, reason: unknown): void {
    for (const task of [...member.tasks].reverse()) {
      if (task.state === 'sent' && member.worker.revoke(task)) {
        member.tasks.delete(task);
        this.#requeue(task);
      } else this.cancel(task, reason);
    }
    this.crew.update(member);
    this.pump();
  }

  cancelEverything(reason: unknown): void {
    const sent = [...this.crew.roster.members.values()].flatMap((member) => [...member.tasks]);
    for (const task of [...this.#waiting(), ...sent, ...this.#here]) this.cancel(task, reason);
  }

  failWaiting(error: (task: Task) => unknown): void {
    for (const task of this.#waiting()) this.#fail(task, error(task));
  }

  /** Whether the queue has a place, or a worker is free. */
  get #hasRoom(): boolean {
    if (this.depth < this.options.queueCapacity) return true;
    // What free workers are about to take needs no place.
    const free = this.isFlowing ? this.crew.roster.freeSlots : 0;
    return this.queue.size < free || this.depth - free < this.options.queueCapacity;
  }

  #submit<R>(request: TaskRequest, here = false): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      const task = new Task(this.#nextId++, request, this.clock.now(), resolve, reject);
      this.counters.submitted++;
      if (!here) this.queue.push(task);
      this.#aborts.add(task);
      if (this.events.has('submitted')) this.events.emit('submitted', { id: task.id, task: task.name });
      if (here) return void this.#runHere(task);
      this.#startQueueDeadline(task);
      this.pump();
    });
  }

  /** The queue is full and the policy says that the caller works off its own call, on this thread. */
  async #runHere(task: Task): Promise<void> {
    task.state = 'sent' as TaskState;
    this.counters.sent++;
    this.started(CALLER, task);
    this.#here.add(task);
    let [ok, value]: [boolean, unknown] = [true, undefined];
    try {
      value = await this.crew.engine.runHere(task);
    } catch (error) {
      [ok, value] = [false, error];
    }
    this.#here.delete(task);
    if (task.state === 'settled') return;
    const timing = { serviceMs: this.clock.now() - task.startedAt, cloneMs: 0, dispatchMs: 0 };
    this.#conclude(CALLER, task, { task, ok, value, timing });
  }

  /** The task that has waited longest gives up its place. */
  #drop(task: Task): void {
    const error = droppedError(this.options);
    this.#withdraw(task);
    this.counters.dropped++;
    this.#settle(task, false, error);
    if (this.events.has('dropped')) this.events.emit('dropped', { id: task.id, task: task.name });
  }

  #send(member: Member, task: Task): void {
    task.state = 'sent';
    task.member = member;
    this.counters.sent++;
    member.tasks.add(task);
    this.crew.roster.list(member);
    member.worker.dispatch([task]);
  }

  /** The engine lost a task that had not begun: as if it had never been sent, deadlines included. */
  #requeue(task: Task): void {
    this.#uncount(task);
    task.setTimer(null);
    task.state = 'queued';
    task.member = null;
    this.queue.unshift(task);
    this.#startQueueDeadline(task);
  }

  #conclude(workerId: number, task: Task, { ok, value, timing }: Outcome): void {
    const now = this.clock.now();
    if (task.state === 'started') {
      if (task.id % this.options.sampleEvery === 0) this.service.record(now, now - task.startedAt);
      this.meters.record(task.name, ok, timing);
    } else this.meters.recordLoss(task.name);
    if (ok) this.#complete(task, workerId, value, now - task.startedAt);
    else this.#fail(task, value);
  }

  #complete(task: Task, workerId: number, value: unknown, serviceMs: number): void {
    this.#uncount(task);
    this.counters.completed++;
    this.#settle(task, true, value);
    if (this.events.has('completed')) {
      this.events.emit('completed', { id: task.id, task: task.name, workerId, serviceMs });
    }
    this.#checkQuiet();
  }

  #settle(task: Task, ok: boolean, value: unknown): void {
    this.#aborts.delete(task);
    task.settle(ok, value);
  }

  #fail(task: Task, error: unknown): void {
    if (task.state === 'settled') return;
    const stop = this.#withdraw(task);
    this.counters.failed++;
    this.#settle(task, false, error);
    stop?.(error);
    if (this.events.has('failed')) this.events.emit('failed', { id: task.id, task: task.name, error });
    this.#checkQuiet();
  }

  /**
   * Takes a task out of the place it is in, and out of the count for that place. Where a worker has it, returns how to
   * stop it there: for after the caller was answered, since a task may react to its abort at once.
   */
  #withdraw(task: Task): ((reason: unknown) => void) | null {
    const { member, state } = task;
    this.#uncount(task);
    if (!member?.tasks.delete(task)) return null;
    return (reason) => {
      if (state !== 'sent' || !member.worker.revoke(task)) return this.#haunt(member, task, reason);
      this.crew.update(member);
      this.pump();
    };
  }

  #uncount(task: Task): void {
    if (task.state === 'queued') this.queue.remove(task);
    else if (task.state === 'sent') this.counters.sent--;
    else this.counters.running--;
  }

  /** The caller has its answer, but the task still runs: ask it to end, and after the grace stop its thread. */
  #haunt(member: Member, task: Task, reason: unknown): void {
    const grace = this.clock.schedule(this.options.abortGraceMs, () => this.#endGrace(member, task), {
      keepAlive: true,
    });
    member.ghosts.set(task, grace);
    member.worker.abort(task, reason);
  }

  /** Where the thread has other work, that may go on for one more grace. */
  #endGrace(member: Member, task: Task): void {
    member.worker.poll();
    if (!member.ghosts.has(task)) return;
    if (member.tasks.size === 0) return this.crew.terminate(member, 'aborted');
    const stop = () => this.crew.terminate(member, 'aborted');
    member.ghosts.set(task, this.clock.schedule(this.options.abortGraceMs, stop, { keepAlive: true }));
    this.crew.release(member, 'aborted');
  }

  #startQueueDeadline(task: Task): void {
    const { queueTimeoutMs: ms } = task.request;
    if (ms === null || task.state !== 'queued') return;
    const onDeadline = () => this.#fail(task, queueTimeoutError(this.options, task.name, ms, this.crew.ready));
    const remaining = Math.max(0, task.acceptedAt + ms - this.clock.now());
    task.setTimer(this.clock.schedule(remaining, onDeadline, { keepAlive: true }));
  }

  /** The result may have come in while this event loop was busy with something else: then it was in time. */
  #timeOut(task: Task, ms: number): void {
    task.member?.worker.poll();
    if (task.state === 'settled') return;
    this.meters.recordLoss(task.name);
    this.#fail(task, taskTimeoutError(this.options, task.name, ms));
  }

  #unknownTask(task: string): PoolError | null {
    const known = this.#taskNames;
    return !known || known.has(task) ? null : unknownTaskError(this.options, task, known);
  }

  #full(): PoolError {
    const { mean } = this.service.read(this.clock.now());
    return fullError(this.options, this.depth, this.crew.ready, mean);
  }

  #waiting(): Task[] {
    return [...this.queue];
  }

  #admit(): void {
    if (!this.lobby.isEmpty) this.lobby.admit(() => this.#hasRoom);
  }

  #checkQuiet(): void {
    this.#admit();
    if (this.isQuiet) this.onQuiet();
  }
}
