/** What a running task may know about its run. */
export interface TaskContext {
  /** Aborted when the call is cancelled or times out; live in synchronous loops as well. */
  readonly signal: AbortSignal;
  /** 1 for the first run. */
  readonly attempt: number;
  /** The worker's id within its pool; 0 outside a pool. */
  readonly workerId: number;
  /**
   * Tells the caller how far the task is, by `RunOptions.onProgress` and the pool's event `progress`; copied like a result.
   * Reports that come faster than they are read replace each other; the last one always arrives, and before the result.
   * @throws TaskCloneError
   */
  progress(value: unknown): void;
}

type Source = () => TaskContext | null;

const sources = new Set<Source>();

/** Says where contexts come from: each kind of engine, once per thread. */
export function addTaskContextSource(source: Source): void {
  sources.add(source);
}

/**
 * The context of the task that is running. Outside a task (a decorated method called in place, a unit test) the signal
 * never aborts, so that the same code runs everywhere.
 */
export function taskContext(): TaskContext {
  // The latest first: a worker thread may have an async pool of its own.
  for (const source of Array.from(sources).reverse()) {
    const context = source();
    if (context) return context;
  }
  return { signal: new AbortController().signal, attempt: 1, workerId: 0, progress: () => undefined };
}
