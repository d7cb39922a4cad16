import { AsyncLocalStorage } from 'node:async_hooks';
import { addTaskContextSource, type TaskContext } from '../../task-context.js';
import type { AbortSignals } from './abort-signals.js';
import type { Job } from './jobs.js';
import { knowRunningTask, type RunningTask } from './running-task.js';

/** The task that runs; for a worker that runs one task at a time. */
export interface CurrentTask {
  job: Job | null;
}

/** Tells main how far a task is. */
export type TellProgress = (job: Job, value: unknown) => void;

/** Runs a function in the context of a task. */
export type InContextOf = <R>(job: Job, run: () => R) => R;

/** Where tasks follow each other, a variable tells the context. */
export function followContexts(workerId: () => number, signals: AbortSignals, progress: TellProgress): CurrentTask {
  const current: CurrentTask = { job: null };
  addTaskContextSource(() => current.job && contextOf(current.job, workerId, signals, progress));
  knowRunningTask(() => current.job && runningOf(current.job));
  return current;
}

/** Where tasks interleave it takes an AsyncLocalStorage, which slows every promise on Node 20. */
export function storeContexts(workerId: () => number, signals: AbortSignals, progress: TellProgress): InContextOf {
  const storage = new AsyncLocalStorage<{ readonly context: TaskContext; readonly running: RunningTask }>();
  addTaskContextSource(() => storage.getStore()?.context ?? null);
  knowRunningTask(() => storage.getStore()?.running ?? null);
  return (job, run) =>
    storage.run({ context: contextOf(job, workerId, signals, progress), running: runningOf(job) }, run);
}

function runningOf({ name, extras }: Job): RunningTask {
  return { task: name, attempt: extras?.attempt ?? 1 };
}

function contextOf(job: Job, workerId: () => number, signals: AbortSignals, progress: TellProgress): TaskContext {
  const { slot, extras } = job;
  return {
    get signal() {
      return signals.of(slot);
    },
    attempt: extras?.attempt ?? 1,
    workerId: workerId(),
    progress: (value) => progress(job, value),
  };
}
