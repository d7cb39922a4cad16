import type { PoolCounters } from '../contract/snapshot.js';

/**
 * The pool's counts. Each accepted task is in exactly one place at any instant: waiting, running, or in one of the
 * four ends, so `submitted = completed + failed + cancelled + dropped + queued + running`.
 */
export class Counters {
  submitted = 0;
  completed = 0;
  failed = 0;
  cancelled = 0;
  dropped = 0;
  /** Calls turned away by a full queue; they are in no other count. */
  refused = 0;
  retried = 0;
  crashes = 0;
  resizedUp = 0;
  resizedDown = 0;
  /** Tasks that a worker has started and that have not settled. */
  running = 0;
  /** Tasks that are with a worker and have not started. */
  sent = 0;

  read(): PoolCounters {
    const { submitted, completed, failed, cancelled, dropped, refused, retried, crashes } = this;
    const resizes = Object.freeze({ up: this.resizedUp, down: this.resizedDown });
    return Object.freeze({ submitted, completed, failed, cancelled, dropped, refused, retried, crashes, resizes });
  }
}
