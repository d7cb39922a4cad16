import type { OptionChange, PoolEventListener, PoolEventMap, PoolEventName } from '../contract/events.js';
import type { PoolHistograms } from '../contract/histograms.js';
import type { BroadcastOptions, GroupOptions, MapOptions, TaskGroup } from '../contract/pool.js';
import type { PoolOptions } from '../contract/pool-options.js';
import type { TaskQuarantine } from '../contract/quarantine.js';
import type { RunOptions } from '../contract/run-options.js';
import type { PoolSnapshot, PoolState } from '../contract/snapshot.js';
import { systemClock, type Clock, type Timer } from '../clock.js';
import type { Engine, WorkerExit } from '../engine.js';
import { PoolConfigError, PoolError } from '../errors.js';
import type { Autoscaler, PreparedScaling } from '../scaling/autoscaler.js';
import type { PoolReading } from '../scaling/contract.js';
import type { ResolvedScaling } from '../scaling/resolve-scaling.js';
import { requireDuration, requireInteger, requireObject, rejectUnknownKeys, refusal } from '../validate.js';
import type { PoolShare } from '../budget/member.js';
import { BatchPort } from './batch-port.js';
import { Broadcasts } from './broadcasts.js';
import { BudgetHold } from './budget-hold.js';
import { changedOptions, hotOptions } from './changed-options.js';
import { checkedCall, defaultSettings, type CallDesk } from './checked-call.js';
import { Counters } from './counters.js';
import { Crew } from './crew.js';
import { Dispatcher } from './dispatcher.js';
import { EventHub } from './event-hub.js';
import { LiveReading } from './live-reading.js';
import { LocalTaskGroup } from './local-task-group.js';
import type { ManagedPool, PreparedChange } from './managed-pool.js';
import { mapItems } from './map-items.js';
import type { Member } from './member.js';
import { PinnedSize } from './pinned-size.js';
import { crashError, cutShortError, refusedError } from './pool-errors.js';
import { readSnapshot } from './read-snapshot.js';
import { resolvePoolOptions, type ResolvedPoolOptions } from './resolve-options.js';
import { streamItems } from './stream-items.js';
import type { TaskRequest } from './task.js';
import { valueOrStream, type ValueOrStream } from './value-or-stream.js';
import { Waiters } from './waiters.js';

const CLOSE_DEADLINE_MS = 10_000;
/** Whoever listens to `onQueued` hears of it no more often than this, milliseconds: a look at the pool takes some 20 us. */
const QUEUED_EVERY_MS = 20;

type StartableAutoscaler = Autoscaler & { start(): void; prepare(scaling: ResolvedScaling): PreparedScaling };

/**
 * A pool in this process: a dispatcher and a crew over an engine.
 *
 * `open` ⇄ `paused` (`pause`, `resume`); `open`/`paused` → `draining` (`drain`) → `open` (`resume`); any → closing
 * (`close`; told as `draining`) → `closed`. Closing never goes back.
 */
export class LocalPool implements ManagedPool {
  #state: PoolState = 'open';
  #closing: Promise<void> | null = null;
  #closeTimer: Timer | null = null;
  #closeDeadline = Infinity;
  readonly #pin: PinnedSize;
  readonly #counters = new Counters();
  readonly #events: EventHub;
  readonly #dispatcher: Dispatcher;
  readonly #crew: Crew;
  readonly #desk: CallDesk;
  readonly #waiters = new Waiters();
  readonly #drains = new Waiters();
  #autoscaler: StartableAutoscaler | null = null;
  readonly #budget: BudgetHold | null;
  readonly #batches: BatchPort;
  readonly #broadcasts: Broadcasts;
  #wasReady = false;
  /** Whether the latest drain was told to have come to its end, or needs no telling any more. */
  #drainTold = true;

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
    this.#budget = share && new BudgetHold(options.name, share);
    this.#desk = { options, defaults: defaultSettings(options), capture: engine.capture?.bind(engine) };
    this.#batches = new BatchPort({
      desk: this.#desk,
      mostWorkers: () => this.#mostWorkers,
      accept: (request, waitsForRoom) => this.#acceptOfBatch(request, waitsForRoom),
    });
    this.#pin = new PinnedSize(clock, (owner) => this.#unpin(`override of ${owner} expired`));
    this.#events = new EventHub(options.name);
    this.#dispatcher = new Dispatcher(options, clock, this.#counters, this.#events, () => this.#onQuiet());
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
    if (this.#closing && !this.#wasReady) throw refusedError(this.options, false);
    this.start();
    await this.#until(() => this.#wasReady);
  }

  // Not an async function: those wrap the promise in another one, which takes three turns of the microtask queue.
  run<R>(task: string, args: readonly unknown[] = [], options?: RunOptions): Promise<R> {
    return attempt(() => this.#run<R>(task, args, options));
  }

  #run<R>(task: string, args: readonly unknown[], options: RunOptions | undefined): Promise<R> {
    if (this.#closing || this.#state === 'draining') throw refusedError(this.options, !this.#closing);
    const request = checkedCall(this.#desk, task, args, options);
    return this.#accept<R>(request);
  }

  /** For calls that were checked some time ago. */
  #acceptOfBatch<R>(request: TaskRequest, waitsForRoom: boolean): Promise<R> {
    if (this.#closing || this.#state === 'draining') throw refusedError(this.options, !this.#closing);
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
      if (this.#closing || this.#state === 'draining') throw refusedError(this.options, !this.#closing);
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
    return attempt(() => this.#resize(target, options));
  }

  #resize(
    target: number,
    options: { reason?: string; eager?: boolean },
    move?: (target: number) => void,
  ): Promise<void> {
    requireObject({ pool: this.name, option: 'the options of resize()' }, options);
    rejectUnknownKeys('resize()', options, ['reason', 'eager'], this.name);
    this.#requireTarget('resize(target)', target);
    if (this.#closing) throw refusedError(this.options, false);
    this.start();
    if (this.#pin.override) this.#pin.goBackTo(target);
    else this.#setTarget(target, options.reason ?? 'resize()', move);
    if (options.eager) this.#crew.shedEagerly();
    return this.#until(() => this.#crew.isSettled);
  }

  /** As `resize()`, for the autoscaler: a shrink brings nobody back whom idle expiry took. */
  scale(target: number, options: { reason?: string } = {}): Promise<void> {
    return attempt(() => this.#resize(target, options, (size) => this.#crew.scale(size)));
  }

  prewarm(n: number): Promise<void> {
    return attempt(() => this.#prewarm(n));
  }

  #prewarm(n: number): Promise<void> {
    this.#requireTarget('prewarm(n)', n);
    if (this.#closing) throw refusedError(this.options, false);
    this.start();
    if (n > this.#crew.target && !this.#pin.override) this.#setTarget(n, 'prewarm()');
    else this.#crew.recall(n);
    // What idle expiry takes back while the others boot is not waited for.
    return this.#until(() => this.#crew.ready >= Math.min(n, this.#crew.wanted));
  }

  async pin(size: number, options: { owner?: string; reason?: string; forMs?: number } = {}): Promise<void> {
    const { owner = 'unknown', reason = 'manual resize', forMs } = options;
    this.#requireTarget('size', size);
    if (forMs !== undefined) requireDuration({ pool: this.name, option: 'forMs' }, forMs);
    if (this.#closing) throw refusedError(this.options, false);
    this.start();
    this.#budget?.admit(size);
    this.#pin.pin(size, { owner, reason, forMs }, this.#crew.target);
    this.#crew.expiryFloor = null;
    this.#setTarget(size, `${reason} (${owner})`);
    await this.#until(() => this.#crew.isSettled);
  }

  async release(reason = 'override released'): Promise<void> {
    if (this.#closing) throw refusedError(this.options, false);
    this.#unpin(reason);
    await this.#until(() => this.#crew.isSettled);
  }

  prepare(options: PoolOptions): PreparedChange {
    const next = resolvePoolOptions(options);
    const scaling = this.#prepareScaling(next);
    const changes = changedOptions(this.options, next);
    return {
      changes,
      bounds: { min: next.min, max: next.max },
      apply: (source, also = []) => {
        Object.assign(this.options, hotOptions(next));
        scaling?.apply();
        return this.#reconfigured(next, changes, also, source);
      },
      discard: () => scaling?.discard(),
    };
  }

  #prepareScaling({ scaling }: ResolvedPoolOptions): PreparedScaling | null {
    if ((scaling === null) === (this.#autoscaler === null)) return scaling && this.#autoscaler!.prepare(scaling);
    const present = this.#autoscaler ? 'has an autoscaler' : 'was made with scaling: false';
    throw new PoolConfigError(
      `pool '${this.name}': scaling cannot be switched ${scaling ? 'on' : 'off'} while it runs; the pool ${present}. Change it in code, and restart.`,
      { pool: this.name, option: 'scaling' },
    );
  }

  #reconfigured(
    { initial }: ResolvedPoolOptions,
    changes: readonly OptionChange[],
    also: readonly OptionChange[],
    source: string,
  ): readonly OptionChange[] {
    this.#desk.defaults = defaultSettings(this.options);
    if (this.#closing) return changes;
    const own = [...changes, ...this.#moveIntoBounds(initial, source)];
    const all = [...own, ...also];
    this.#setExpiryFloor();
    this.#crew.rearmExpiry();
    this.#recallToFloor();
    this.#dispatcher.reconfigured();
    if (all.length > 0) this.#events.emit('reconfigured', { changes: Object.freeze(all), source });
    return own;
  }

  /** Idle expiry may have gone below a floor that is higher now. */
  #recallToFloor(): void {
    const { min } = this.options;
    if (this.#crew.isStarted && this.#state !== 'paused' && this.#crew.wanted < min) this.#crew.recall(min);
  }

  /** Bounds are hard, a pinned size included, and so is the budget. A pool that has not started yet begins with `initial`. */
  #moveIntoBounds(initial: number, source: string): OptionChange[] {
    const { min } = this.options;
    const max = this.#mostWorkers;
    const pinned = this.#pin.clamp(min, max);
    const wish = this.#crew.isStarted ? this.#crew.target : initial;
    const size = Math.min(max, Math.max(min, wish));
    if (size !== this.#crew.target) {
      const target = this.#budget?.reach(size) ?? size;
      if (this.#crew.isStarted) {
        const reason = `${source}: at least ${min} and at most ${max} workers now`;
        this.#setTarget(target, reason, (to) => this.#crew.scale(to));
      } else {
        this.#crew.target = target;
        // What it starts with is what it is ready with.
        Object.assign(this.options, { initial: target });
      }
    }
    return pinned ? [{ key: 'override.size', ...pinned }] : [];
  }

  /** What its own bounds and its budget let it grow to. */
  get #mostWorkers(): number {
    const { min, max } = this.options;
    return Math.max(min, Math.min(max, this.#budget?.most ?? Infinity));
  }

  pause(): void {
    if (this.#closing || this.#state === 'draining') throw refusedError(this.options, !this.#closing);
    if (this.#state === 'paused') return;
    this.#state = 'paused';
    this.#dispatcher.setFlowing(false);
    this.#setExpiryFloor();
    this.#events.emit('paused', {});
  }

  resume(): void {
    if (this.#closing) throw refusedError(this.options, false);
    if (this.#state === 'open') return;
    this.#drains.rejectAll(
      new PoolError('DRAIN_ENDED', `pool '${this.name}': resume() ended the drain before it was done.`, {
        pool: this.name,
      }),
    );
    this.#drainTold = true;
    this.#flowAs('open');
    this.#events.emit('resumed', {});
  }

  drain(): Promise<void> {
    return attempt(() => this.#drain());
  }

  #drain(): Promise<void> {
    if (this.#closing) return this.#closing;
    if (this.#state !== 'draining') {
      this.#drainTold = false;
      this.#dispatcher.lobby.turnAllAway(refusedError(this.options, true));
      this.#flowAs('draining');
      if (this.#dispatcher.isQuiet) this.#tellDrained();
    }
    return this.#drains.until(() => this.#dispatcher.isQuiet);
  }

  async close(options: { timeoutMs?: number; force?: boolean } = {}): Promise<void> {
    requireObject({ pool: this.name, option: 'the options of close()' }, options);
    rejectUnknownKeys('close()', options, ['timeoutMs', 'force'], this.name);
    const { timeoutMs = CLOSE_DEADLINE_MS, force = false } = options;
    if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0)) {
      throw refusal({ pool: this.name, option: 'close({ timeoutMs })' }, timeoutMs, 'a number of milliseconds from 0');
    }
    if (!this.#closing) {
      let end!: () => void;
      // Set first: a listener may call close() again while the pool begins to close.
      this.#closing = new Promise((resolve) => (end = resolve));
      void this.#shutDown().then(end);
    }
    if (this.#state !== 'closed') this.#setCloseDeadline(force ? 0 : timeoutMs);
    await this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  snapshot(): PoolSnapshot {
    return readSnapshot(this.#state, this.#pin.override, this.#crew, this.#dispatcher, this.#counters);
  }

  read(): PoolReading {
    return new LiveReading(this.#state, this.#pin.override, this.#crew, this.#dispatcher, this.#counters);
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
    const refused = refusedError(this.options, false);
    this.#autoscaler?.stop();
    this.#pin.stop();
    this.#waiters.rejectAll(refused);
    this.#dispatcher.lobby.turnAllAway(refused);
    this.#flowAs('draining');
    await this.#drains.until(() => this.#dispatcher.isQuiet);
    this.#broadcasts.endReplays();
    this.#crew.dismissAll();
    await this.#waiters.until(() => this.#crew.roster.members.size === 0);
    await this.#crew.engine.close?.(false);
    this.#closeTimer?.cancel();
    this.#budget?.leave();
    this.#state = 'closed';
    this.#events.emit('closed', {});
  }

  /** Waits for a size; the crew looks again, now that somebody waits. */
  #until(isMet: () => boolean): Promise<void> {
    const met = this.#waiters.until(isMet);
    this.#crew.reconcile();
    return met;
  }

  #tellDrained(): void {
    if (this.#drainTold) return;
    this.#drainTold = true;
    this.#events.emit('drained', {});
  }

  /** The sooner deadline wins. */
  #setCloseDeadline(ms: number): void {
    const at = this.clock.now() + ms;
    if (at >= this.#closeDeadline) return;
    this.#closeDeadline = at;
    this.#closeTimer?.cancel();
    this.#closeTimer = this.clock.schedule(ms, () => this.#onCloseDeadline(), { keepAlive: true });
  }

  /** Abort what is left; a grace later nobody stays, tear-down hooks that hang included. */
  #onCloseDeadline(): void {
    this.#closeTimer = this.clock.schedule(
      this.options.abortGraceMs,
      () => {
        for (const member of [...this.#crew.roster.members.values()]) this.#crew.terminate(member, 'closed');
        void this.#crew.engine.close?.(true);
      },
      { keepAlive: true },
    );
    this.#dispatcher.cancelEverything(cutShortError(this.options));
  }

  #requireTarget(option: string, value: unknown): void {
    const { min, max } = this.options;
    const remark = value === 0 ? '; pause() is the only way to zero workers' : '; size.min and size.max set the bounds';
    requireInteger({ pool: this.name, option }, value, min, max, remark);
  }

  #setTarget(target: number, reason: string, move = (size: number) => this.#crew.resize(size)): void {
    const from = this.#crew.target;
    this.#budget?.admit(target);
    move(target);
    if (from === target) return;
    if (target > from) this.#counters.resizedUp++;
    else this.#counters.resizedDown++;
    this.#events.emit('resized', { from, to: target, reason });
  }

  #unpin(reason: string): void {
    const previous = this.#pin.release();
    if (previous === null) return;
    this.#setExpiryFloor();
    // Others may have taken what the budget had room for in the meantime.
    this.#setTarget(this.#budget?.reach(previous) ?? previous, reason);
  }

  /** Lets tasks start; workers that left during a pause come back, to the floor at least. */
  #flowAs(state: 'open' | 'draining'): void {
    this.#state = state;
    this.#setExpiryFloor();
    this.#crew.recall(this.options.min);
    this.#dispatcher.setFlowing(true);
  }

  #setExpiryFloor(): void {
    const floor = this.#state === 'paused' ? 0 : this.options.min;
    this.#crew.expiryFloor = this.#pin.override ? null : floor;
    this.#crew.reconcile();
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
    this.#budget?.settle(Math.max(this.#crew.target, this.#crew.roster.members.size));
    this.#waiters.check();
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

  #onQuiet(): void {
    this.#tellDrained();
    this.#drains.check();
  }

  #evictionError(): PoolError {
    const { name } = this.options;
    return new PoolError(
      'EAGER_SHRINK',
      `pool '${name}' shrank eagerly, to ${this.#crew.target}, while this task ran.`,
      {
        pool: name,
      },
    );
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
