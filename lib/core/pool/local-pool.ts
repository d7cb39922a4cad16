import type { PoolEventListener, PoolEventMap, PoolEventName } from '../contract/events.js';
import type { PoolHistograms } from '../contract/histograms.js';
import type { BroadcastOptions, GroupOptions, MapOptions, TaskGroup } from '../contract/pool.js';
import type { PoolOptions } from '../contract/pool-options.js';
import type { TaskQuarantine } from '../contract/quarantine.js';
import type { RunOptions } from '../contract/run-options.js';
import type { PoolSnapshot } from '../contract/snapshot.js';
import { systemClock, type Clock } from '../clock.js';
import type { Engine, WorkerExit } from '../engine.js';
import { PoolError } from '../errors.js';
import type { Autoscaler } from '../scaling/autoscaler.js';
import type { PoolReading } from '../scaling/contract.js';
import { requireObject, rejectUnknownKeys, refusal } from '../validate.js';
import type { PoolShare } from '../budget/member.js';
import { BatchPort } from './batch-port.js';
import { Broadcasts } from './broadcasts.js';
import { checkedCall, defaultSettings, type CallDesk } from './checked-call.js';
import { CloseDeadline } from './close-deadline.js';
import { Counters } from './counters.js';
import { Crew } from './crew.js';
import { Dispatcher } from './dispatcher.js';
import { EventHub } from './event-hub.js';
import { LiveReading } from './live-reading.js';
import { LocalTaskGroup } from './local-task-group.js';
import type { ManagedPool, PreparedChange } from './managed-pool.js';
import { mapItems } from './map-items.js';
import type { Member } from './member.js';
import { crashError, refusedError } from './pool-errors.js';
import { PoolFlow } from './pool-flow.js';
import { PoolPhase } from './pool-phase.js';
import { PoolSize } from './pool-size.js';
import { prepareChange, type StartableAutoscaler } from './prepare-change.js';
import { readSnapshot } from './read-snapshot.js';
import type { ResolvedPoolOptions } from './resolve-options.js';
import { streamItems } from './stream-items.js';
import type { TaskRequest } from './task.js';
import { valueOrStream, type ValueOrStream } from './value-or-stream.js';
import { Waiters } from './waiters.js';

const CLOSE_DEADLINE_MS = 10_000;
/** Whoever listens to `onQueued` hears of it no more often than this, milliseconds: a look at the pool takes some 20 us. */
const QUEUED_EVERY_MS = 20;

/** A pool in this process: a dispatcher and a crew over an engine, a size that others may decide on, a phase of its life. */
export class LocalPool implements ManagedPool {
  readonly #phase: PoolPhase;
  readonly #size: PoolSize;
  readonly #flow: PoolFlow;
  readonly #deadline: CloseDeadline;
  readonly #counters = new Counters();
  readonly #events: EventHub;
  readonly #dispatcher: Dispatcher;
  readonly #crew: Crew;
  readonly #desk: CallDesk;
  readonly #waiters = new Waiters();
  #autoscaler: StartableAutoscaler | null = null;
  readonly #batches: BatchPort;
  readonly #broadcasts: Broadcasts;
  #wasReady = false;

  /** Read by all parts of the pool; hot options change in it. */
  readonly options: ResolvedPoolOptions;

  constructor(
    resolved: ResolvedPoolOptions,
    engine: Engine,
    readonly clock: Clock = systemClock,
    share: PoolShare | null = null,
  ) {
    const options = { ...resolved };
    this.options = options;
    this.#phase = new PoolPhase(options);
    this.#desk = { options, defaults: defaultSettings(options), capture: engine.capture?.bind(engine) };
    this.#batches = new BatchPort({
      desk: this.#desk,
      mostWorkers: () => this.#size.most,
      accept: (request, waitsForRoom) => this.#acceptOfBatch(request, waitsForRoom),
    });
    this.#events = new EventHub(options.name);
    this.#dispatcher = new Dispatcher(options, clock, this.#counters, this.#events, () => this.#flow.onQuiet());
    this.#crew = new Crew(engine, options, clock, {
      born: (member) => this.#broadcasts.catchUp(member),
      ready: (member, tasks) => this.#onReady(member, tasks),
      started: (member, task) => this.#dispatcher.started(member.id, task),
      reports: this.#dispatcher.reports,
      settled: (member, outcomes) => this.#dispatcher.settled(member, outcomes),
      gone: (member, exit) => this.#onGone(member, exit),
      cannotBoot: (member, exit) => this.#onCannotBoot(member, exit),
      isAwaited: () => this.#waiters.size > 0 || !this.#dispatcher.isQuiet,
      evict: (member) => this.#dispatcher.evict(member, this.#evictionError()),
      changed: () => this.#onChanged(),
    });
    this.#dispatcher.attach(this.#crew);
    const parts = {
      options,
      clock,
      share,
      phase: this.#phase,
      crew: this.#crew,
      dispatcher: this.#dispatcher,
      counters: this.#counters,
      events: this.#events,
      waiters: this.#waiters,
    };
    this.#size = new PoolSize({ ...parts, start: () => this.start() });
    this.#flow = new PoolFlow({ ...parts, size: this.#size });
    this.#deadline = new CloseDeadline(options, clock, this.#crew, this.#dispatcher);
    this.#broadcasts = new Broadcasts(this.#desk, this.#crew, this.#dispatcher);
    if (engine.taskNames) this.#dispatcher.learnTasks(engine.taskNames);
  }

  get name(): string {
    return this.options.name;
  }

  get autoscaler(): Autoscaler | null {
    return this.#autoscaler;
  }

  /** Lives with this pool from now on: started with it, stopped when it begins to close. */
  attach(autoscaler: StartableAutoscaler): void {
    this.#autoscaler = autoscaler;
  }

  /** Tells what the autoscaler has to tell. */
  announce<E extends 'decision' | 'flapping'>(event: E, payload: PoolEventMap[E]): void {
    this.#events.emit(event, payload);
  }

  start(): void {
    this.#crew.start();
    this.#autoscaler?.start();
  }

  async ready(): Promise<void> {
    if (!this.#wasReady) this.#phase.requireStaying();
    this.start();
    await this.#size.until(() => this.#wasReady);
  }

  // Not an async function: those wrap the promise in another one, which takes three turns of the microtask queue.
  run<R>(task: string, args: readonly unknown[] = [], options?: RunOptions): Promise<R> {
    return attempt(() => this.#run<R>(task, args, options));
  }

  #run<R>(task: string, args: readonly unknown[], options: RunOptions | undefined): Promise<R> {
    this.#phase.requireTaking();
    const request = checkedCall(this.#desk, task, args, options);
    return this.#accept<R>(request);
  }

  /** For calls that were checked some time ago. */
  #acceptOfBatch<R>(request: TaskRequest, waitsForRoom: boolean): Promise<R> {
    this.#phase.requireTaking();
    return this.#accept<R>(request, waitsForRoom);
  }

  #accept<R>(request: TaskRequest, waitsForRoom = false): Promise<R> {
    for (const signal of request.settings.signals) if (signal.aborted) throw signal.reason;
    this.start();
    return this.#dispatcher.accept<R>(request, waitsForRoom);
  }

  map<T, R>(task: string, items: Iterable<T> | AsyncIterable<T>, options: MapOptions = {}): AsyncIterable<R> {
    return mapItems<T, R>(this.#batches, task, items, options);
  }

  broadcast<R>(task: string, args: readonly unknown[] = [], options: BroadcastOptions = {}): Promise<R[]> {
    return attempt(() => {
      this.#phase.requireTaking();
      this.start();
      return this.#broadcasts.run<R>(task, args, options);
    });
  }

  get quarantine(): TaskQuarantine {
    return this.#dispatcher.quarantine;
  }

  stream<R>(task: string, args: readonly unknown[] = [], options?: RunOptions): AsyncIterable<R> {
    return streamItems<R>(this.#batches, task, args, options);
  }

  call<R>(task: string, args: readonly unknown[], options: () => RunOptions | undefined): ValueOrStream<R> {
    return valueOrStream<R>(this.#batches, task, args, options);
  }

  group(options: GroupOptions = {}): TaskGroup {
    return new LocalTaskGroup(this.#batches, options);
  }

  resize(target: number, options: { reason?: string; eager?: boolean } = {}): Promise<void> {
    return attempt(() => this.#size.resize(target, options));
  }

  scale(target: number, options: { reason?: string } = {}): Promise<void> {
    return attempt(() => this.#size.scale(target, options));
  }

  prewarm(n: number): Promise<void> {
    return attempt(() => this.#size.prewarm(n));
  }

  pin(size: number, options: { owner?: string; reason?: string; forMs?: number } = {}): Promise<void> {
    return attempt(() => this.#size.pin(size, options));
  }

  release(reason = 'override released'): Promise<void> {
    return attempt(() => this.#size.release(reason));
  }

  prepare(options: PoolOptions): PreparedChange {
    return prepareChange(
      {
        options: this.options,
        desk: this.#desk,
        phase: this.#phase,
        size: this.#size,
        dispatcher: this.#dispatcher,
        events: this.#events,
        autoscaler: this.#autoscaler,
      },
      options,
    );
  }

  pause(): void {
    this.#flow.pause();
  }

  resume(): void {
    this.#flow.resume();
  }

  drain(): Promise<void> {
    return attempt(() => this.#flow.drain());
  }

  async close(options: { timeoutMs?: number; force?: boolean } = {}): Promise<void> {
    requireObject({ pool: this.name, option: 'the options of close()' }, options);
    rejectUnknownKeys('close()', options, ['timeoutMs', 'force'], this.name);
    const { timeoutMs = CLOSE_DEADLINE_MS, force = false } = options;
    if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0)) {
      throw refusal({ pool: this.name, option: 'close({ timeoutMs })' }, timeoutMs, 'a number of milliseconds from 0');
    }
    const phase = this.#phase;
    if (!phase.closing) {
      let end!: () => void;
      // Set first: a listener may call close() again while the pool begins to close.
      phase.closing = new Promise<void>((resolve) => (end = resolve));
      void this.#shutDown().then(end);
    }
    if (phase.state !== 'closed') this.#deadline.set(force ? 0 : timeoutMs);
    await phase.closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  snapshot(): PoolSnapshot {
    return readSnapshot(this.#phase.state, this.#size.override, this.#crew, this.#dispatcher, this.#counters);
  }

  read(): PoolReading {
    return new LiveReading(this.#phase.state, this.#size.override, this.#crew, this.#dispatcher, this.#counters);
  }

  histograms(): PoolHistograms {
    const { waits, services } = this.#dispatcher.ledger;
    return Object.freeze({ wait: waits.read(), service: services.read() });
  }

  on<E extends PoolEventName>(event: E, listener: PoolEventListener<E>): this {
    this.#events.on(event, listener);
    return this;
  }

  off<E extends PoolEventName>(event: E, listener: PoolEventListener<E>): this {
    this.#events.off(event, listener);
    return this;
  }

  onQueued(listener: () => void): () => void {
    let heardAt = -Infinity;
    this.#dispatcher.onWaiting = () => {
      const now = this.clock.now();
      if (now - heardAt < QUEUED_EVERY_MS) return;
      heardAt = now;
      listener();
    };
    return () => void (this.#dispatcher.onWaiting = null);
  }

  async #shutDown(): Promise<void> {
    this.#autoscaler?.stop();
    this.#size.stop();
    this.#waiters.rejectAll(refusedError(this.options, false));
    await this.#flow.runDry();
    this.#broadcasts.endReplays();
    this.#crew.dismissAll();
    await this.#waiters.until(() => this.#crew.roster.members.size === 0);
    await this.#crew.engine.close?.(false);
    this.#deadline.cancel();
    this.#size.leaveBudget();
    this.#phase.state = 'closed';
    this.#events.emit('closed', {});
  }

  #onReady(member: Member, tasks: readonly string[]): void {
    this.#dispatcher.learnTasks(tasks);
    const bootMs = this.clock.now() - member.bornAt;
    this.#events.emit('workerStarted', { workerId: member.id, threadId: member.threadId, bootMs });
    this.#dispatcher.pump();
  }

  /** Something about the size changed: whose wish has come true? */
  #onChanged(): void {
    const { ready, wanted } = this.#crew;
    if (ready > 0 && ready >= Math.min(this.options.initial, wanted)) this.#wasReady = true;
    this.#size.changed();
  }

  #onGone(member: Member, exit: WorkerExit): void {
    const reason = member.exitReason ?? 'crashed';
    if (reason === 'crashed') this.#counters.crashes++;
    const [task = null] = member.tasks;
    const error = reason === 'crashed' || exit.error ? { error: crashError(this.options, member, exit, task) } : {};
    this.#dispatcher.gone(member, exit);
    this.#events.emit('workerExited', { workerId: member.id, reason, ...error });
  }

  #onCannotBoot(member: Member, exit: WorkerExit): void {
    const error = () => crashError(this.options, member, exit, null);
    this.#waiters.rejectAll(error());
    this.#dispatcher.failWaiting(error);
  }

  #evictionError(): PoolError {
    const { name } = this.options;
    const message = `pool '${name}' shrank eagerly, to ${this.#crew.target}, while this task ran.`;
    return new PoolError('EAGER_SHRINK', message, { pool: name });
  }
}

/** A wrong call rejects, and never throws. */
function attempt<R>(action: () => Promise<R>): Promise<R> {
  try {
    return action();
  } catch (error) {
    return Promise.reject(error as Error);
  }
}
