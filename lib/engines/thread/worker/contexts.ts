import { AsyncLocalStorage } from 'node:async_hooks';
import { addTaskContextSource, type TaskContext } from '../../task-context.js';
import type { AbortSignals } from './abort-signals.js';
import type { Job } from './jobs.js';

/** The task that runs; for a worker that runs one task at a time. */
export interface CurrentTask {
  job: Job | null;
}

/** Runs a function in the context of a task. */
export type InContextOf = <R>(job: Job, run: () => R) => R;

/** Where tasks follow each other, a variable tells the context. */
export function followContexts(workerId: () => number, signals: AbortSignals): CurrentTask {
  const current: CurrentTask = { job: null };
  addTaskContextSource(() => current.job && contextOf(current.job, workerId, signals));
  return current;
}

/** Where tasks interleave it takes an AsyncLocalStorage, which slows every promise on Node 20. */
export function storeContexts(workerId: () => number, signals: AbortSignals): InContextOf {
  const storage = new AsyncLocalStorage<TaskContext>();
  addTaskContextSource(() => storage.getStore() ?? null);
  return (job, run) => storage.run(contextOf(job, workerId, signals), run);
}

function contextOf({ slot, extras }: Job, workerId: () => number, signals: AbortSignals): TaskContext {
  return {
    get signal() {
      return signals.of(slot);
    },
    attempt: extras?.attempt ?? 1,
    workerId: workerId(),
  };
}
