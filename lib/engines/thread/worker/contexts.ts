import { AsyncLocalStorage } from 'node:async_hooks';
import type { TaskContext } from '../../task-context.js';
import type { AbortSignals } from './abort-signals.js';

/** Knows which task of this thread is running. */
export interface Contexts {
  readonly current: () => TaskContext | null;
  run<R>(slot: number, task: () => R): R | Promise<R>;
}

/**
 * A worker that starts one task at a time needs a variable; one that interleaves tasks needs an AsyncLocalStorage,
 * which slows every promise on Node 20.
 */
export function createContexts(concurrency: number, workerId: number, signals: AbortSignals): Contexts {
  const contextOf = (slot: number): TaskContext => ({
    get signal() {
      return signals.of(slot);
    },
    attempt: 1,
    workerId,
  });
  return concurrency === 1 ? single(contextOf) : interleaved(contextOf);
}

function single(contextOf: (slot: number) => TaskContext): Contexts {
  let current: TaskContext | null = null;
  return {
    current: () => current,
    async run(slot, task) {
      current = contextOf(slot);
      try {
        return await task();
      } finally {
        current = null;
      }
    },
  };
}

function interleaved(contextOf: (slot: number) => TaskContext): Contexts {
  const storage = new AsyncLocalStorage<TaskContext>();
  return {
    current: () => storage.getStore() ?? null,
    run: (slot, task) => storage.run(contextOf(slot), task),
  };
}
