/** What somebody may abort. */
interface Abortable {
  readonly settings: { readonly signals: readonly AbortSignal[] };
}

interface Watched<T> {
  readonly tasks: Set<T>;
  readonly onAbort: () => void;
}

/** Listens to the signals of tasks, once per signal however many tasks share it. */
export class AbortWatch<T extends Abortable> {
  readonly #watched = new Map<AbortSignal, Watched<T>>();

  constructor(readonly cancel: (task: T, reason: unknown) => void) {}

  add(task: T): void {
    for (const signal of task.settings.signals) {
      let watched = this.#watched.get(signal);
      if (!watched) {
        const tasks = new Set<T>();
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

  delete(task: T): void {
    for (const signal of task.settings.signals) {
      const watched = this.#watched.get(signal);
      if (!watched?.tasks.delete(task) || watched.tasks.size > 0) continue;
      signal.removeEventListener('abort', watched.onAbort);
      this.#watched.delete(signal);
    }
  }
}
