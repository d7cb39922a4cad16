import { AsyncLocalStorage } from 'node:async_hooks';
import { addTaskContextSource, type TaskContext } from './task-context.js';

/** The context of a task that runs on this event loop, among others. */
export interface LocalContext extends TaskContext {
  /** The task's name, where it is to see of its surroundings only what one in a thread would. */
  readonly isolated?: string;
}

const contexts = new AsyncLocalStorage<LocalContext>();
const currentContext = () => contexts.getStore() ?? null;

/** Called by each engine that runs tasks on this event loop, when it is made. */
export function offerLocalContexts(): void {
  addTaskContextSource(currentContext);
}

/** Runs a function as the task of this context. */
export function runInContext<R>(context: LocalContext, run: () => R): R {
  return contexts.run(context, run);
}

/** The task that stands for one in a thread, inside it; else `null`. */
export function isolatedTask(): (LocalContext & { readonly isolated: string }) | null {
  const context = contexts.getStore();
  return context?.isolated === undefined ? null : { ...context, isolated: context.isolated };
}
