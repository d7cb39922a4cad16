import { AsyncLocalStorage } from 'node:async_hooks';
import { addTaskContextSource, type TaskContext } from '../task-context.js';

/** Made when the first task that needs it runs on the calling thread: on Node.js 20 it slows every promise. */
let storage: AsyncLocalStorage<TaskContext> | null = null;

/** Runs a task of a thread pool on this thread, with a context of its own. */
export function inCallerContext<R>(context: TaskContext, run: () => R): R {
  if (storage === null) {
    const made = new AsyncLocalStorage<TaskContext>();
    addTaskContextSource(() => made.getStore() ?? null);
    storage = made;
  }
  return storage.run(context, run);
}
