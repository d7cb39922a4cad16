import type { Clock } from '../../core/clock.js';
import type { CallerPort, Engine, EngineTask, WorkerSink } from '../../core/engine.js';
import { FakeWorker } from './fake-worker.js';

export interface FakeEngineOptions {
  /** Boot time, milliseconds. Default 0: ready in the next microtask. */
  readonly bootMs?: number;
  /** Workers boot when `worker.boot()` is called, and not before. */
  readonly bootsByHand?: boolean;
  /** Default: `work`. A function is asked at every boot. */
  readonly taskNames?: readonly string[] | (() => readonly string[]);
  /** Default: any number. */
  readonly bootsAtOnce?: number;
  /** Tasks that may wait at a worker. Default 0. Above, a worker begins its first task only, and the next one as that ends. */
  readonly presend?: number;
  /** Whether tasks begin as they are sent (default), or only when `worker.begin()` is called. */
  readonly beginAtOnce?: boolean;
  /** From being asked to leave, or terminated, to the exit, milliseconds. Default 0: in the next microtask. */
  readonly exitMs?: number;
  /** Workers that are asked to leave never do. */
  readonly tearDownHangs?: boolean;
  /** Places of a worker for tasks; what was taken back keeps its own until the worker comes past. Default: no end of them. */
  readonly places?: number;
  /** Hears what tasks are asked to do. */
  readonly hears?: FakeEngineListener;
}

export interface FakeEngineListener {
  /** A task counts as started; may be told again. */
  started(worker: FakeWorker, task: EngineTask): void;
  aborted(task: EngineTask, reason: unknown): void;
  /** The worker is gone, and its tasks with it. */
  gone(worker: FakeWorker): void;
}

/** An engine whose workers do nothing by themselves: a test ends, crashes and begins what they hold. */
export class FakeEngine implements Engine {
  readonly presend: number;
  readonly interrupts = true;
  readonly bootsAtOnce: number;
  readonly taskNames: readonly string[] | null;
  readonly workers: FakeWorker[] = [];
  /** What the pool did that the contract of engines forbids. */
  readonly offences: string[] = [];
  /** Tasks that can be sent no more, since what they moved is gone. */
  readonly moved = new Set<EngineTask>();
  /** Boots fail while this is set. */
  bootError: Error | null = null;
  /** `spawn` throws this while it is set, as where the platform has no thread left. */
  spawnError: Error | null = null;
  /** What tasks do that run on the calling thread. */
  here: (task: EngineTask, caller: CallerPort) => unknown = ({ name }) => `here: ${name}`;

  constructor(
    readonly clock: Clock,
    readonly options: FakeEngineOptions = {},
  ) {
    this.presend = options.presend ?? 0;
    this.bootsAtOnce = options.bootsAtOnce ?? Infinity;
    const { taskNames = ['work'] } = options;
    this.taskNames = typeof taskNames === 'function' ? null : taskNames;
  }

  spawn(workerId: number, sink: WorkerSink): FakeWorker {
    if (this.spawnError) throw this.spawnError;
    const worker = new FakeWorker(workerId, sink, this);
    this.workers.push(worker);
    return worker;
  }

  async runHere(task: EngineTask, caller: CallerPort): Promise<unknown> {
    return this.here(task, caller);
  }

  get namesNow(): readonly string[] {
    const { taskNames } = this.options;
    return typeof taskNames === 'function' ? taskNames() : this.taskNames!;
  }

  get alive(): FakeWorker[] {
    return this.workers.filter((worker) => !worker.isGone);
  }

  /** Workers that hold a started task. */
  get running(): FakeWorker[] {
    return this.alive.filter((worker) => worker.started.length > 0);
  }
}
