/** How a worker dies. */
export interface Crash {
  /** Exit code of its thread. Default 1. */
  readonly exitCode?: number;
  /** What it died of; the cause of the `WorkerCrashedError`. Default: nothing is known. */
  readonly error?: Error;
}

/** A crash that waits for its task. */
export interface PlannedCrash extends Crash {
  /** `null`: any. */
  readonly task: string | null;
  /** `started` (default): the task never gets to its first line. `finished`: it has ended, and its result is lost. */
  readonly phase?: 'started' | 'finished';
  /** How many times. */
  readonly times: number;
}

/** What shall go wrong, in the order in which it was asked for. */
export class PlannedFaults {
  readonly #crashes: { readonly crash: PlannedCrash; left: number }[] = [];
  readonly #bootErrors: Error[] = [];

  plan(crash: PlannedCrash): void {
    this.#crashes.push({ crash, left: crash.times });
  }

  planBootErrors(error: Error, times: number): void {
    for (let time = 0; time < times; time++) this.#bootErrors.push(error);
  }

  /** The crash for a task of this name, taken off the list. */
  takeCrash(task: string): PlannedCrash | null {
    const index = this.#crashes.findIndex(({ crash }) => crash.task === null || crash.task === task);
    if (index < 0) return null;
    const planned = this.#crashes[index]!;
    if (--planned.left === 0) this.#crashes.splice(index, 1);
    return planned.crash;
  }

  /** What the next boot fails with. */
  takeBootError(): Error | null {
    return this.#bootErrors.shift() ?? null;
  }

  clear(): void {
    this.#crashes.length = this.#bootErrors.length = 0;
  }
}
