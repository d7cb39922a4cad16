import { clearTimeout, setTimeout } from 'node:timers';
import type { Clock } from '../../core/clock.js';
import { STREAM_CREDITS, type CallerPort, type EngineTask } from '../../core/engine.js';
import { PoolError } from '../../core/errors.js';
import { requireDuration } from '../../core/validate.js';
import { checkCrash, unknownWorker, type CrashOptions } from '../crash-options.js';
import { FakeEngine } from './fake-engine.js';
import type { FakeWorker } from './fake-worker.js';
import { OpenTask, type ManualTask, type TaskMoves } from './manual-task.js';
import type { ManualWorker, ManualWorkers } from './manual-workers.js';

/** The real ones: fake timers of a test runner may take their place later on. */
const real = { setTimeout, clearTimeout };

/** How long `next()` waits unless told otherwise, milliseconds. */
const PATIENCE_MS = 1_000;

interface Waiter {
  readonly task: string | undefined;
  take(task: OpenTask): void;
}

/** The hands of a test on a `FakeEngine`. */
export class HandledWorkers implements ManualWorkers {
  readonly engine: FakeEngine;
  readonly #tasks = new Map<EngineTask, OpenTask>();
  /** Started, and not handed out. */
  readonly #unseen = new Set<OpenTask>();
  readonly #waiters = new Set<Waiter>();

  constructor(
    readonly pool: string,
    readonly clock: Clock,
    taskNames: readonly string[] | (() => readonly string[]),
    bootsByHand: boolean,
  ) {
    this.engine = new FakeEngine(clock, {
      taskNames,
      bootsByHand,
      hears: {
        started: (worker, task) => this.#onStarted(worker, task),
        aborted: (task, reason) => this.#tasks.get(task)?.abort(reason),
        gone: (worker) => {
          for (const task of worker.claims.keys()) this.#forget(task);
        },
      },
    });
    this.engine.here = (task, caller) => this.#runHere(task, caller);
  }

  async next(task?: string, { timeoutMs = PATIENCE_MS }: { timeoutMs?: number } = {}): Promise<ManualTask> {
    requireDuration({ pool: this.pool, option: 'next(task, { timeoutMs })' }, timeoutMs);
    for (const unseen of this.#unseen) {
      if (task !== undefined && unseen.name !== task) continue;
      this.#unseen.delete(unseen);
      return unseen;
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        task,
        take: (found) => {
          this.#waiters.delete(waiter);
          real.clearTimeout(timer);
          resolve(found);
        },
      };
      const timer = real.setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(this.#noTask(task, timeoutMs));
      }, timeoutMs);
      this.#waiters.add(waiter);
    });
  }

  get running(): readonly ManualTask[] {
    return [...this.#tasks.values()].filter(({ isOpen }) => isOpen);
  }

  get all(): readonly ManualWorker[] {
    return this.engine.alive.map((worker) => ({
      id: worker.id,
      state: stateOf(worker),
      tasks: worker.started.map((task) => this.#tasks.get(task)!),
    }));
  }

  boot(workerId?: number): void {
    for (const worker of this.#booting('boot()', workerId)) worker.boot();
  }

  failBoot({ workerId, error = new Error('could not boot') }: { workerId?: number; error?: Error } = {}): void {
    for (const worker of this.#booting('failBoot()', workerId)) worker.boot(error);
  }

  crash(workerId: number, options: CrashOptions = {}): void {
    const { exitCode = 1, error } = checkCrash(this.pool, 'crash()', options);
    this.#find('crash()', workerId, this.engine.alive).exit(exitCode, error);
  }

  #booting(call: string, workerId: number | undefined): readonly FakeWorker[] {
    const booting = this.engine.alive.filter((worker) => stateOf(worker) === 'booting');
    return workerId === undefined ? booting : [this.#find(call, workerId, booting)];
  }

  #find(call: string, workerId: number, among: readonly FakeWorker[]): FakeWorker {
    const found = among.find(({ id }) => id === workerId);
    if (found) return found;
    throw unknownWorker(
      this.pool,
      call,
      workerId,
      among.map(({ id }) => id),
    );
  }

  #onStarted(worker: FakeWorker, task: EngineTask): void {
    const startedAt = this.clock.now();
    this.#open(task, worker.id, {
      credit: () => worker.creditOf(task),
      opened: () => worker.sink.opened(task),
      item: (value) => worker.yield(task, value),
      progress: (value) => worker.sink.progress(task, value),
      settle: (ok, value) => {
        this.#forget(task);
        worker.end(value, ok, [task], this.clock.now() - startedAt);
      },
      crash: ({ exitCode = 1, error, phase }) => {
        if (phase === 'finished') worker.finish(task);
        worker.exit(exitCode, error);
      },
    });
  }

  #runHere(task: EngineTask, caller: CallerPort): Promise<unknown> {
    let credit = STREAM_CREDITS;
    caller.onCredit = (n) => void (credit += n);
    caller.signal.addEventListener('abort', () => this.#tasks.get(task)?.abort(caller.signal.reason));
    return new Promise((resolve, reject) => {
      this.#open(task, null, {
        credit: () => credit,
        opened: () => caller.opened(task),
        item(value) {
          credit--;
          caller.item(task, value);
        },
        progress: (value) => caller.progress(task, value),
        settle: (ok, value) => {
          this.#forget(task);
          if (ok) resolve(value);
          else reject(value as Error);
        },
        crash: null,
      });
    });
  }

  #open(task: EngineTask, workerId: number | null, moves: TaskMoves): void {
    const open = new OpenTask(this.pool, task, workerId, moves);
    this.#tasks.set(task, open);
    for (const waiter of this.#waiters) {
      if (waiter.task === undefined || waiter.task === task.name) return waiter.take(open);
    }
    this.#unseen.add(open);
  }

  #forget(task: EngineTask): void {
    const open = this.#tasks.get(task);
    if (!open) return;
    open.close();
    this.#tasks.delete(task);
    this.#unseen.delete(open);
  }

  #noTask(task: string | undefined, ms: number): PoolError {
    const what = task === undefined ? 'no task' : `no task '${task}'`;
    const states = this.all.map(({ id, state, tasks }) => `${id} ${state}${tasks.length > 0 ? ', busy' : ''}`);
    return new PoolError(
      'NO_TASK',
      `pool '${this.pool}': ${what} has started within ${ms} ms. Workers: ${states.join('; ') || 'none'}. Was it called, is a worker free, and did that boot?`,
      { pool: this.pool },
    );
  }
}

function stateOf(worker: FakeWorker): ManualWorker['state'] {
  if (worker.isRetired || worker.isTerminated) return 'leaving';
  return worker.isReady ? 'ready' : 'booting';
}
