import type { Claim, Engine, EngineTask, EngineWorker, Outcome, WorkerSink } from '../../lib/core/engine.js';
import type { Clock, Timer } from '../../lib/core/clock.js';

const UNTIMED = { serviceMs: 0, cloneMs: 0, dispatchMs: 0 };

export interface FakeEngineOptions {
  /** Boot time, milliseconds. Default 0: ready in the next microtask. */
  readonly bootMs?: number;
  readonly taskNames?: readonly string[];
  /** Tasks that may wait at a worker. Default 0. Above, a worker begins its first task only, and the next as that ends. */
  readonly presend?: number;
  /** Whether tasks begin as they are sent (default), or only when `worker.begin()` is called. */
  readonly beginAtOnce?: boolean;
  /** From being asked to leave, or terminated, to the exit, milliseconds. Default 0: in the next microtask. */
  readonly exitMs?: number;
  /** Workers that are asked to leave never do. */
  readonly tearDownHangs?: boolean;
}

/** An engine whose workers do nothing by themselves: a test ends, crashes and begins what they hold. */
export class FakeEngine implements Engine {
  readonly presend: number;
  readonly interrupts = true;
  readonly taskNames: readonly string[];
  readonly workers: FakeWorker[] = [];
  /** What the pool did that the contract of engines forbids. */
  readonly offences: string[] = [];
  /** Boots fail while this is set. */
  bootError: Error | null = null;
  /** `spawn` throws this while it is set, as where the platform has no thread left. */
  spawnError: Error | null = null;

  constructor(
    readonly clock: Clock,
    readonly options: FakeEngineOptions = {},
  ) {
    this.presend = options.presend ?? 0;
    this.taskNames = options.taskNames ?? ['work'];
  }

  spawn(workerId: number, sink: WorkerSink): FakeWorker {
    if (this.spawnError) throw this.spawnError;
    const worker = new FakeWorker(workerId, sink, this);
    this.workers.push(worker);
    return worker;
  }

  /** Under `caller-runs`: ends at once. */
  async runHere(task: EngineTask): Promise<unknown> {
    return `here: ${task.name}`;
  }

  get alive(): FakeWorker[] {
    return this.workers.filter((worker) => !worker.isGone);
  }

  /** Workers that hold a started task. */
  get running(): FakeWorker[] {
    return this.alive.filter((worker) => worker.started.length > 0);
  }
}

export class FakeWorker implements EngineWorker {
  readonly claims = new Map<EngineTask, Claim | 'revoked'>();
  readonly aborts = new Map<EngineTask, unknown>();
  isReady = false;
  isGone = false;
  isRetired = false;
  isTerminated = false;
  heapMb = 0;
  /** Counts the places of its tasks. */
  places = Infinity;
  #timer: Timer | null = null;

  constructor(
    readonly id: number,
    readonly sink: WorkerSink,
    readonly engine: FakeEngine,
  ) {
    this.#after(engine.options.bootMs, () => this.#boot());
  }

  get room(): number {
    return this.places - this.claims.size;
  }

  /** Whether it may be given tasks. */
  get isServing(): boolean {
    return this.isReady && !this.isGone && !this.isRetired && !this.isTerminated;
  }

  get started(): EngineTask[] {
    return [...this.claims].filter(([, claim]) => claim === 'started').map(([task]) => task);
  }

  dispatch(tasks: readonly EngineTask[]): void {
    if (!this.isServing) this.#offend('was given a task while it did not serve');
    for (const task of tasks) {
      if (this.claims.has(task)) this.#offend('was given a task it has');
      this.claims.set(task, 'sent');
    }
    if (this.engine.options.beginAtOnce ?? true) this.begin();
  }

  /** Begins what it was sent; where tasks wait for each other, the first. */
  begin(): void {
    for (const [task, claim] of this.claims) {
      if (claim === 'sent') {
        this.claims.set(task, 'started');
        this.sink.started(task);
      }
      if (this.engine.presend > 0) return;
    }
  }

  /** Ends the started tasks, or one of them. */
  end(value: unknown = 'done', ok = true, tasks: readonly EngineTask[] = this.started): void {
    const outcomes = tasks.map((task): Outcome => {
      this.claims.delete(task);
      return { task, ok, value, timing: UNTIMED };
    });
    if (outcomes.length > 0) this.sink.settled(outcomes);
    if (!this.isGone && this.engine.presend > 0 && (this.engine.options.beginAtOnce ?? true)) this.begin();
  }

  /** The started tasks have ended, and the worker dies before it can say so. */
  loseReplies(): void {
    for (const task of this.started) this.claims.set(task, 'done');
    this.crash();
  }

  crash(code = 1, error: Error = new Error('crashed')): void {
    this.#exit(code, error);
  }

  revoke(task: EngineTask): boolean {
    if (this.claims.get(task) !== 'sent') return false;
    this.claims.delete(task);
    return true;
  }

  abort(task: EngineTask, reason: unknown): void {
    if (this.claims.get(task) !== 'started') this.#offend('was to abort a task that it had not started');
    this.aborts.set(task, reason);
  }

  retire(): void {
    if (this.claims.size > 0) this.#offend('was to leave while it held a task');
    if (this.isTerminated) this.#offend('was to leave although it was terminated');
    this.isRetired = true;
    if (!this.engine.options.tearDownHangs) this.#after(this.engine.options.exitMs, () => this.#exit(0));
  }

  terminate(): void {
    this.isTerminated = true;
    this.#after(this.engine.options.exitMs, () => this.#exit(1));
  }

  poll(): void {
    // Reports are made at once.
  }

  vitals() {
    return { heapMb: this.heapMb, elu: 0, loopDelayMs: 0 };
  }

  #boot(): void {
    if (this.isGone || this.isTerminated) return;
    const { bootError } = this.engine;
    if (bootError) return this.#exit(1, bootError);
    this.isReady = true;
    this.sink.ready({ threadId: this.id + 1_000, tasks: this.engine.taskNames });
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

  #exit(code: number, error?: Error): void {
    if (this.isGone) return;
    this.isGone = true;
    this.#timer?.cancel();
    this.sink.exited({ code, error, claim: (task) => (this.claims.get(task) ?? 'started') as Claim });
  }
}
