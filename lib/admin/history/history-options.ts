import { systemClock, type Clock } from '../../core/clock.js';

export interface HistoryOptions {
  /** For tests. */
  readonly clock?: Clock;
  /** Milliseconds since the epoch; for tests. */
  readonly epoch?: () => number;
}

/** Token of `HistoryOptions`. */
export const HISTORY_OPTIONS = Symbol('history options');

export function resolveHistory(options: HistoryOptions): Required<HistoryOptions> {
  return { clock: systemClock, epoch: () => Date.now(), ...options };
}
