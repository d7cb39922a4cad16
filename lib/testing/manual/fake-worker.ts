import type { Timer } from '../../core/clock.js';
import {
  STREAM_CREDITS,
  type Claim,
  type EngineTask,
  type EngineWorker,
  type Outcome,
  type WorkerSink,
} from '../../core/engine.js';
import type { FakeEngine } from './fake-engine.js';

const UNTIMED = { serviceMs: 0, cloneMs: 0, dispatchMs: 0 };

/** A worker that does nothing by itself. */
export class FakeWorker implements EngineWorker {
  /** What it holds, in the order in which it was sent. */
  readonly claims = new Map<EngineTask, Claim | 'revoked'>();
  /** The tasks that came together, for each time that some came. */
  readonly messages: (readonly EngineTask[])[] = [];
  /** When each task came. */
  readonly arrivals = new Map<EngineTask, number>();
  /** What it began, in this order. */
  readonly begun: EngineTask[] = [];
  readonly aborts = new Map<EngineTask, unknown>();
  readonly credits = new Map<EngineTask, number>();
  isReady = false;
  isGone = false;
  isRetired = false;
  isTerminated = false;
  heapMb = 0;
  /** Counts the places of its tasks. */
  places: number;
  /** Places of tasks that were taken back. */
  #vacant = 0;
  /** What it has done and not told. */
  #untold: Outcome[] = [];
  #timer: Timer | null = null;

  constructor(
    readonly id: number,
    readonly sink: WorkerSink,
    readonly engine: FakeEngine,
  ) {
    this.places = engine.options.places ?? Infinity;
    if (!engine.options.bootsByHand) this.#after(engine.options.bootMs, () => this.boot());
  }

  get room(): number {
    return this.places - this.claims.size - this.#vacant;
  }

  /** Whether it may be given tasks. */
  get isServing(): boolean {
    return this.isReady && !this.isGone && !this.isRetired && !this.isTerminated;
  }

  get started(): EngineTask[] {
    return this.#having('started');
  }

  /** What waits at it. */
  get sent(): EngineTask[] {
    return this.#having('sent');
  }

  dispatch(tasks: readonly EngineTask[]): void {
    if (!this.isServing) this.#offend('was given a task while it did not serve');
    if (tasks.length > this.room) this.#offend('was given more tasks than it has room for');
    this.messages.push([...tasks]);
    for (const task of tasks) {
      if (this.claims.has(task)) this.#offend('was given a task it has');
      if (this.engine.moved.has(task)) this.#offend('was given a task whose transfer list is gone');
      if (task.transfer?.length) this.engine.moved.add(task);
      this.claims.set(task, 'sent');
      // One that comes again comes last.
      this.arrivals.delete(task);
      this.arrivals.set(task, this.engine.clock.now());
    }
    this.#goOn();
  }

  /** Begins what it was sent; where tasks wait for each other, the first. */
  begin(): void {
    for (const [task, claim] of this.claims) {
      if (claim === 'revoked') this.#tell([{ task, ok: false, value: undefined, timing: UNTIMED }]);
      if (claim === 'sent') {
        this.claims.set(task, 'started');
        this.begun.push(task);
        this.sink.started(task);
        this.engine.options.hears?.started(this, task);
      }
      if (this.engine.presend > 0 && this.claims.has(task)) return;
    }
    if (this.#vacant > 0) this.#tell([]);
  }

  /** Ends the started tasks, or some of them; each took `serviceMs`. */
  end(value: unknown = 'done', ok = true, tasks: readonly EngineTask[] = this.started, serviceMs = 0): void {
    if (tasks.length > 0) this.#tell(tasks.map((task) => ({ task, ok, value, timing: { ...UNTIMED, serviceMs } })));
    if (this.engine.presend > 0) this.#goOn();
  }

  /** Ends a task that streams. */
  endStream(task: EngineTask): void {
    this.#tell([{ task, ok: true, value: undefined, timing: UNTIMED }]);
    if (this.engine.presend > 0) this.#goOn();
  }

  /** Does the next `count` tasks one after the other, and tells nobody before it is asked. */
  endUnheard(count: number, serviceMs = 0, value: unknown = 'done'): void {
    const startedAt = this.engine.clock.now();
    for (const [task, claim] of [...this.claims].slice(0, count)) {
      if (claim === 'done' || claim === 'revoked') continue;
      if (claim === 'sent') this.begun.push(task);
      this.claims.set(task, 'done');
      this.#untold.push({ task, ok: true, value, timing: { ...UNTIMED, serviceMs }, startedAt });
    }
  }

  /** The started tasks have ended, and the worker dies before it can say so. */
  loseReplies(): void {
    for (const task of this.started) this.finish(task);
    this.crash();
  }

  /** A task has ended, and nobody is told. */
  finish(task: EngineTask): void {
    this.claims.set(task, 'done');
  }

  /** What counts as started has not begun yet, as at a thread that is about to: its first task counts as started. */
  unbegin(): readonly EngineTask[] {
    const { started } = this;
    for (const task of started) {
      this.claims.set(task, 'sent');
      this.begun.splice(this.begun.indexOf(task), 1);
    }
    return started;
  }

  crash(code = 1, error: Error = new Error('crashed')): void {
    this.exit(code, error);
  }

  revoke(task: EngineTask): boolean {
    if (this.claims.get(task) !== 'sent') return false;
    this.claims.delete(task);
    if (this.places < Infinity) this.#vacant++;
    return true;
  }

  /** One that has not begun will be passed over. */
  abort(task: EngineTask, reason: unknown): void {
    const claim = this.claims.get(task);
    if (claim === undefined || claim === 'revoked') this.#offend('was to abort a task that it does not have');
    if (claim === 'sent') this.claims.set(task, 'revoked');
    this.aborts.set(task, reason);
    this.engine.options.hears?.aborted(task, reason);
  }

  credit(task: EngineTask, n: number): void {
    this.credits.set(task, this.creditOf(task) + n);
  }

  /** How many more items a task may yield. */
  creditOf(task: EngineTask): number {
    return this.credits.get(task) ?? STREAM_CREDITS;
  }

  /** A task that streams yields an item. */
  yield(task: EngineTask, value: unknown): void {
    if (this.claims.get(task) !== 'started') this.#offend('was made to yield by a task that it does not run');
    if (this.creditOf(task) < 1) this.#offend('was made to yield without credit');
    this.credits.set(task, this.creditOf(task) - 1);
    this.sink.item(task, value);
  }

  retire(): void {
    if (this.claims.size > 0) this.#offend('was to leave while it held a task');
    if (this.isTerminated) this.#offend('was to leave although it was terminated');
    this.isRetired = true;
    if (!this.engine.options.tearDownHangs) this.#after(this.engine.options.exitMs, () => this.exit(0));
  }

  terminate(): void {
    this.isTerminated = true;
    this.#after(this.engine.options.exitMs, () => this.exit(1));
  }

  poll(): void {
    if (this.#untold.length === 0) return;
    this.#tell(this.#untold.splice(0));
    this.#goOn();
  }

  vitals() {
    return { heapMb: this.heapMb, elu: 0, loopDelayMs: 0 };
  }

  #having(wanted: Claim): EngineTask[] {
    return [...this.claims].filter(([, claim]) => claim === wanted).map(([task]) => task);
  }

  #tell(outcomes: readonly Outcome[]): void {
    for (const { task } of outcomes) this.claims.delete(task);
    this.#vacant = 0;
    this.sink.settled(outcomes);
  }

  #goOn(): void {
    if (!this.isGone && (this.engine.options.beginAtOnce ?? true)) this.begin();
  }

  /** Becomes ready, or fails where `bootError` says so. */
  boot(bootError: Error | null = this.engine.bootError): void {
    if (this.isGone || this.isTerminated || this.isReady) return;
    if (bootError) return this.exit(1, bootError);
    this.isReady = true;
    this.sink.ready({ threadId: this.id + 1_000, tasks: this.engine.namesNow });
  }

  /** At most one thing lies ahead of a worker; what comes later takes its place. */
  #after(ms: number | undefined, callback: () => void): void {
    this.#timer?.cancel();
    if (ms) this.#timer = this.engine.clock.schedule(ms, callback);
    else queueMicrotask(callback);
  }

  #offend(offence: string): void {
    this.engine.offences.push(`worker ${this.id} ${offence}`);
  }

  /** Is gone, and tells how far its tasks came. */
  exit(code: number, error?: Error): void {
    if (this.isGone) return;
    this.isGone = true;
    this.#timer?.cancel();
    this.engine.options.hears?.gone(this);
    this.sink.exited({ code, error, claim: (task) => (this.claims.get(task) ?? 'started') as Claim });
  }
}
