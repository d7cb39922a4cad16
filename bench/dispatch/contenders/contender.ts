import type * as tasks from '../tasks.js';

/** `pooledNoop`: the asynchronous no-op, called as a method of a Nest provider. */
export type TaskName = keyof typeof tasks | 'pooledNoop';

/** Runs a task with one argument on a worker. */
export type Call = (argument: never) => PromiseLike<unknown>;

/** A pool under load, with all its workers up. */
export interface Contender {
  /** How to call the task, resolved once, so that a slice pays for nothing but the pool. */
  task(name: TaskName): Call;
}
