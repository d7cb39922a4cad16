import type { WorkerCrashedError } from '../errors.js';

/** A task with certain arguments that cost too many workers. */
export interface QuarantinedTask {
  /** Unique within its pool. */
  readonly id: number;
  /** The task's name. Its arguments are not told: they may be anybody's data. */
  readonly task: string;
  /** Workers that it cost. */
  readonly crashes: number;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** How the last of those workers exited. */
  readonly error: WorkerCrashedError;
}

/** Tasks that no worker runs any more, since they made too many exit. */
export interface TaskQuarantine {
  /** Those in quarantine, the longest there first. */
  list(): readonly QuarantinedTask[];
  /**
   * Lets a task run again, with a clean record; without an `id`, all of them. Returns those released: none where the id is
   * unknown.
   * @throws PoolConfigError, for an id that is no number.
   */
  release(id?: number): readonly QuarantinedTask[];
}
