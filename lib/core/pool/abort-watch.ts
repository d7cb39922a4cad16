import type { Task } from './task.js';

interface Watched {
  readonly tasks: Set<Task>;
  readonly onAbort: () => void;
}

/** Listens to the signals of a pool's tasks, once per signal however many tasks share it. */
export class AbortWatch {
  readonly #watched = new Map<AbortSignal, Watched>();

  constructor(readonly cancel: (task: Task, reason: unknown) => void) {}

  add(task: Task): void {
    for (const signal of task.settings.signals) {
      let watched = this.#watched.get(signal);
      if (!watched) {
        const tasks = new Set<Task>();
        const onAbort = () => {
          for (const cancelled of Array.from(tasks)) this.cancel(cancelled, signal.reason);
        };
        watched = { tasks, onAbort };
        this.#watched.set(signal, watched);
        signal.addEventListener('abort', onAbort);
      }
      watched.tasks.add(task);
    }
  }

  delete(task: Task): void {
    for (const signal of task.settings.signals) {
      const watched = this.#watched.get(signal);
      if (!watched?.tasks.delete(task) || watched.tasks.size > 0) continue;
      signal.removeEventListener('abort', watched.onAbort);
      this.#watched.delete(signal);
    }
  }
}
