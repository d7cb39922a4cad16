import { AsyncLocalStorage } from 'node:async_hooks';
import type { TaskFn } from '../../core/contract/pool-options.js';
import type { Engine, EngineTask, EngineWorker, WorkerSink } from '../../core/engine.js';
import { addTaskContextSource, type TaskContext } from '../task-context.js';

/** What `AsyncLocalStorage.snapshot()` returns. */
type InContext = <R>(run: () => R) => R;

const contexts = new AsyncLocalStorage<TaskContext>();
const currentContext = () => contexts.getStore() ?? null;

/** Slots on this event loop, for tasks that wait for I/O. Nothing is copied: arguments and results are the caller's. */
export function createAsyncEngine(tasks: ReadonlyMap<string, TaskFn>): Engine {
  addTaskContextSource(currentContext);
  return {
    presend: 0,
    interrupts: false,
    taskNames: [...tasks.keys()],
    // Else a task that had to wait would run in the context of whoever made room for it.
    capture: () => AsyncLocalStorage.snapshot(),
    spawn: (workerId, sink) => new AsyncSlot(workerId, sink, tasks),
    runHere: async ({ name, args }) => tasks.get(name)!(...args),
  };
}

/** `live` → gone. A task that outlives its slot goes on, but nobody hears of it: a function cannot be stopped. */
class AsyncSlot implements EngineWorker {
  readonly room = Infinity;
  readonly #running = new Map<EngineTask, AbortController>();
  #isGone = false;

  constructor(
    readonly id: number,
    readonly sink: WorkerSink,
    readonly tasks: ReadonlyMap<string, TaskFn>,
  ) {
    queueMicrotask(() => {
      if (!this.#isGone) sink.ready({ threadId: null, tasks: [...tasks.keys()] });
    });
  }

  dispatch(tasks: readonly EngineTask[]): void {
    for (const task of tasks) {
      const controller = new AbortController();
      this.#running.set(task, controller);
      this.sink.started(task);
      void this.#run(task, controller.signal);
    }
  }

  revoke(): boolean {
    return false;
  }

  abort(task: EngineTask, reason: unknown): void {
    this.#running.get(task)?.abort(reason);
  }

  retire(): void {
    this.terminate();
  }

  terminate(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    queueMicrotask(() => this.sink.exited({ code: null, claim: () => 'started' }));
  }

  poll(): void {
    // Nothing is ever under way on one event loop.
  }

  vitals() {
    return { heapMb: 0, elu: 0, loopDelayMs: 0 };
  }

  async #run(task: EngineTask, signal: AbortSignal): Promise<void> {
    // The caller of run() is on the stack: let it go on before the task begins.
    await null;
    if (this.#isGone) return;
    const begun = performance.now();
    const args = [...task.args];
    for (const index of task.signalArgs) args[index] = signal;
    const context: TaskContext = { signal, attempt: task.attempt, workerId: this.id };
    let [ok, value]: [boolean, unknown] = [true, undefined];
    try {
      signal.throwIfAborted();
      const call = () => contexts.run(context, () => this.tasks.get(task.name)!(...args));
      value = await (task.context ? (task.context as InContext)(call) : call());
    } catch (error) {
      [ok, value] = [false, error];
    }
    this.#running.delete(task);
    if (this.#isGone) return;
    const timing = { serviceMs: performance.now() - begun, cloneMs: 0, dispatchMs: 0 };
    this.sink.settled([{ task, ok, value, timing }]);
  }
}
