/** The task that a thread runs. */
export interface RunningTask {
  readonly task: string;
  readonly attempt: number;
}

let source: () => RunningTask | null = () => null;

/** Says how this thread knows which task it is that runs. */
export function knowRunningTask(by: () => RunningTask | null): void {
  source = by;
}

/** The task that runs in this thread; `null` between tasks, and while it boots. */
export function runningTask(): RunningTask | null {
  return source();
}
