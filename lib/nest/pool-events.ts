import type { PoolEventMap, PoolEventName } from '../core/contract/events.js';

const NAMES: Record<keyof PoolEventMap, true> = {
  submitted: true,
  started: true,
  progress: true,
  completed: true,
  failed: true,
  retried: true,
  quarantined: true,
  released: true,
  cancelled: true,
  dropped: true,
  resized: true,
  workerStarted: true,
  workerExited: true,
  decision: true,
  flapping: true,
  reconfigured: true,
  paused: true,
  resumed: true,
  drained: true,
  closed: true,
};

/** Every event of a pool; the record above does not compile when one is missing. */
export const POOL_EVENTS = Object.keys(NAMES) as readonly PoolEventName[];
