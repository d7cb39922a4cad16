import { AsyncLocalStorage } from 'node:async_hooks';
import { systemClock, type Clock } from '../../core/clock.js';
import type { TaskFn } from '../../core/contract/pool-options.js';
import type { CallerPort, Engine, EngineTask, EngineWorker, TaskReports, WorkerSink } from '../../core/engine.js';
import { answerWith } from '../streams/drain.js';
import { CreditGate } from '../streams/credit-gate.js';
import { offerLocalContexts, runInContext } from '../local-contexts.js';
import type { TaskContext } from '../task-context.js';

/** What `AsyncLocalStorage.snapshot()` returns. */
type InContext = <R>(run: () => R) => R;

/** Slots on this event loop, for tasks that wait for I/O. Nothing is copied: arguments, results and items are the caller's. */
export function createAsyncEngine(
  pool: string,
  tasks: ReadonlyMap<string, TaskFn>,
  clock: Clock = systemClock,
): Engine {
  offerLocalContexts();
  const call = caller(pool, tasks);
  return {
    presend: 0,
    interrupts: false,
    taskNames: [...tasks.keys()],
    // Else a task that had to wait would run in the context of whoever made room for it.
    capture: () => AsyncLocalStorage.snapshot(),
    spawn: (workerId, sink) => new AsyncSlot(workerId, sink, [...tasks.keys()], call, clock),
    runHere: (task, port) => runHere(task, port, call),
  };
}

/** One run of a task: in its context, its items going where the reports go. */
type Call = (
  task: EngineTask,
  args: readonly unknown[],
  context: TaskContext,
  reports: TaskReports,
  gate: CreditGate | null,
) => unknown;

function caller(pool: string, tasks: ReadonlyMap<string, TaskFn>): Call {
  return (task, args, context, reports, gate) => {
    const call = () => tasks.get(task.name)!(...args);
    const run = gate ? () => streamed(call, pool, task, context.signal, reports, gate) : call;
    const inContext = () => runInContext(context, run);
    return task.context ? (task.context as InContext)(inContext) : inContext();
  };
}

async function streamed(
  call: () => unknown,
  pool: string,
  task: EngineTask,
  signal: AbortSignal,
  reports: TaskReports,
  gate: CreditGate,
): Promise<unknown> {
  const answer = task.answer === 'either' ? 'either' : 'stream';
  const stopFollowing = gate.follow(signal);
  try {
    return await answerWith(call(), {
      pool,
      task: task.name,
      answer,
      gate,
      outlet: { put: (item) => reports.item(task, item) },
      block: null,
      opened: () => answer === 'either' && reports.opened(task),
    });
  } finally {
    stopFollowing();
  }
}

async function runHere(task: EngineTask, port: CallerPort, call: Call): Promise<unknown> {
  const gate = task.answer === 'value' ? null : new CreditGate();
  port.onCredit = gate && ((n) => gate.grant(n));
  const { signal } = port;
  const progress = (value: unknown) => port.progress(task, value);
  return call(task, task.args, { signal, attempt: task.attempt, workerId: 0, progress }, port, gate);
}

/** A task at work in a slot. */
interface Running {
  readonly controller: AbortController;
  readonly gate: CreditGate | null;
}

/** `live` → gone. A task that outlives its slot goes on, but nobody hears of it: a function cannot be stopped. */
class AsyncSlot implements EngineWorker {
  readonly room = Infinity;
  readonly #running = new Map<EngineTask, Running>();
  readonly #reports: TaskReports;
  #isGone = false;

  constructor(
    readonly id: number,
    readonly sink: WorkerSink,
    taskNames: readonly string[],
    readonly call: Call,
    readonly clock: Clock,
  ) {
    this.#reports = {
      opened: (task) => this.#isAtWork(task) && sink.opened(task),
      item: (task, value) => this.#isAtWork(task) && sink.item(task, value),
      progress: (task, value) => this.#isAtWork(task) && sink.progress(task, value),
    };
    queueMicrotask(() => {
      if (!this.#isGone) sink.ready({ threadId: null, tasks: taskNames });
    });
  }

  dispatch(tasks: readonly EngineTask[]): void {
    for (const task of tasks) {
      const running = {
        controller: new AbortController(),
        gate: task.answer === 'value' ? null : new CreditGate(),
      };
      this.#running.set(task, running);
      this.sink.started(task);
      void this.#run(task, running);
    }
  }

  revoke(): boolean {
    return false;
  }

  abort(task: EngineTask, reason: unknown): void {
    this.#running.get(task)?.controller.abort(reason);
  }

  credit(task: EngineTask, n: number): void {
    this.#running.get(task)?.gate?.grant(n);
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

  async #run(task: EngineTask, { controller: { signal }, gate }: Running): Promise<void> {
    // The caller of run() is on the stack: let it go on before the task begins.
    await null;
    if (this.#isGone) return;
    const begun = this.clock.now();
    const args = [...task.args];
    for (const index of task.signalArgs) args[index] = signal;
    const progress = (value: unknown) => this.#reports.progress(task, value);
    const context: TaskContext = { signal, attempt: task.attempt, workerId: this.id, progress };
    let [ok, value]: [boolean, unknown] = [true, undefined];
    try {
      signal.throwIfAborted();
      value = await this.call(task, args, context, this.#reports, gate);
    } catch (error) {
      [ok, value] = [false, error];
    }
    this.#running.delete(task);
    if (this.#isGone) return;
    const timing = { serviceMs: this.clock.now() - begun, cloneMs: 0, dispatchMs: 0 };
    this.sink.settled([{ task, ok, value, timing }]);
  }

  #isAtWork(task: EngineTask): boolean {
    return !this.#isGone && this.#running.has(task);
  }
}
