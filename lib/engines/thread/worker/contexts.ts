import { AsyncLocalStorage } from 'node:async_hooks';
import { addTaskContextSource, type TaskContext } from '../../task-context.js';
import type { AbortSignals } from './abort-signals.js';

/** The slot of the task that runs, or -1; for a worker that runs one task at a time. */
export interface CurrentTask {
  slot: number;
}

/** Runs a function in the context of the task in a slot. */
export type InContextOf = <R>(slot: number, run: () => R) => R;

/** Where tasks follow each other, a variable tells the context. */
export function followContexts(workerId: number, signals: AbortSignals): CurrentTask {
  const current: CurrentTask = { slot: -1 };
  addTaskContextSource(() => (current.slot === -1 ? null : contextOf(current.slot, workerId, signals)));
  return current;
}

/** Where tasks interleave it takes an AsyncLocalStorage, which slows every promise on Node 20. */
export function storeContexts(workerId: number, signals: AbortSignals): InContextOf {
  const storage = new AsyncLocalStorage<TaskContext>();
  addTaskContextSource(() => storage.getStore() ?? null);
  return (slot, run) => storage.run(contextOf(slot, workerId, signals), run);
}

function contextOf(slot: number, workerId: number, signals: AbortSignals): TaskContext {
  return {
    get signal() {
      return signals.of(slot);
    },
    attempt: 1,
    workerId,
  };
}
