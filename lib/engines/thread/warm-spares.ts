import type { Engine, EngineTask, EngineWorker, WorkerSink } from '../../core/engine.js';

/** A worker that is born without a number, and may be given one. */
export interface Recruit extends EngineWorker {
  /** Works as the pool's worker of this number from now on. */
  becomes(workerId: number): void;
}

type Readiness = Parameters<WorkerSink['ready']>[0];

/**
 * An engine that keeps `count` workers booted beyond those that its pool asked for. The pool knows nothing of them: where
 * it asks for a worker, it gets a spare, which is ready at once, or sooner than a new one would be.
 *
 * Spares boot once a worker of the pool is ready, so that none boots before the pool has shown that it can, none slows
 * the start, and one that fails is not tried again and again.
 */
export function keepSpares(engine: Engine, count: number, recruit: (sink: WorkerSink) => Recruit): Engine {
  const spares = new Spares(count, recruit);
  return {
    ...engine,
    get spares() {
      return spares.ready;
    },
    spawn(workerId, sink) {
      const watched = spares.watch(sink);
      return spares.promote(workerId, watched) ?? engine.spawn(workerId, watched);
    },
    close: (isForced) => spares.close(isForced),
  };
}

/** `open` → `closing` → empty. */
class Spares {
  readonly #waiting = new Set<Spare>();
  readonly #leaving = new Set<Spare>();
  #isOpen = true;
  #onEmpty: (() => void) | null = null;

  constructor(
    readonly count: number,
    readonly recruit: (sink: WorkerSink) => Recruit,
  ) {}

  get ready(): number {
    return [...this.#waiting].filter(({ isReady }) => isReady).length;
  }

  /** The same sink, which also says when it is time for spares. */
  watch(sink: WorkerSink): WorkerSink {
    return {
      ready: (info) => {
        sink.ready(info);
        this.#refill();
      },
      started: (task) => sink.started(task),
      settled: (outcomes) => sink.settled(outcomes),
      opened: (task) => sink.opened(task),
      item: (task, value) => sink.item(task, value),
      progress: (task, value) => sink.progress(task, value),
      broken: (task, error) => sink.broken(task, error),
      exited: (exit) => sink.exited(exit),
    };
  }

  /** The spare that is nearest to being ready, as a worker of the pool; `null` if there is none. */
  promote(workerId: number, sink: WorkerSink): EngineWorker | null {
    const [oldest] = this.#waiting;
    const spare = [...this.#waiting].find(({ isReady }) => isReady) ?? oldest;
    if (!spare) return null;
    this.#waiting.delete(spare);
    return spare.join(workerId, sink);
  }

  async close(isForced: boolean): Promise<void> {
    this.#isOpen = false;
    for (const spare of this.#waiting) this.#leaving.add(spare);
    this.#waiting.clear();
    for (const spare of this.#leaving) spare.leave(isForced);
    if (this.#leaving.size > 0) await new Promise<void>((resolve) => this.#whenEmpty(resolve));
  }

  #whenEmpty(resolve: () => void): void {
    const earlier = this.#onEmpty;
    this.#onEmpty = () => {
      earlier?.();
      resolve();
    };
  }

  #refill(): void {
    while (this.#isOpen && this.#waiting.size < this.count) {
      const spare = new Spare((lost) => this.#forget(lost));
      try {
        spare.worker = this.recruit(spare);
      } catch {
        return; // The pool hears of it when it asks for a worker itself.
      }
      this.#waiting.add(spare);
    }
  }

  #forget(spare: Spare): void {
    this.#waiting.delete(spare);
    this.#leaving.delete(spare);
    if (this.#leaving.size === 0) this.#onEmpty?.();
  }
}

/** `booting` → `ready` → joined, or lost. Once it has joined, it merely hands on what its worker reports. */
class Spare implements WorkerSink {
  worker!: Recruit;
  #readiness: Readiness | null = null;
  #sink: WorkerSink | null = null;
  #isTerminated = false;

  constructor(readonly onLost: (spare: Spare) => void) {}

  get isReady(): boolean {
    return this.#readiness !== null;
  }

  join(workerId: number, sink: WorkerSink): EngineWorker {
    this.#sink = sink;
    this.worker.becomes(workerId);
    const readiness = this.#readiness;
    // A worker tells nothing before `spawn` has returned it.
    if (readiness) queueMicrotask(() => sink.ready(readiness));
    return this.worker;
  }

  /** One that is still booting has nothing to tear down. */
  leave(isForced: boolean): void {
    if (this.#isTerminated) return;
    this.#isTerminated = isForced || !this.isReady;
    if (this.#isTerminated) this.worker.terminate();
    else this.worker.retire();
  }

  ready(info: Readiness): void {
    this.#readiness = info;
    this.#sink?.ready(info);
  }

  started(task: Parameters<WorkerSink['started']>[0]): void {
    this.#sink?.started(task);
  }

  settled(outcomes: Parameters<WorkerSink['settled']>[0]): void {
    this.#sink?.settled(outcomes);
  }

  opened(task: EngineTask): void {
    this.#sink?.opened(task);
  }

  item(task: EngineTask, value: unknown): void {
    this.#sink?.item(task, value);
  }

  progress(task: EngineTask, value: unknown): void {
    this.#sink?.progress(task, value);
  }

  broken(task: EngineTask, error: unknown): void {
    this.#sink?.broken(task, error);
  }

  exited(exit: Parameters<WorkerSink['exited']>[0]): void {
    if (this.#sink) this.#sink.exited(exit);
    else this.onLost(this);
  }
}
