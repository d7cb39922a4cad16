import { systemClock, type Clock } from '../../core/clock.js';

/** How many clients there may be and what each may cost. */
export interface LiveOptions {
  /** More are refused with 503. Default 2,000. */
  readonly maxClients?: number;
  /** Bytes that may wait in this process for one client. Default 256 KiB. */
  readonly maxBufferBytes?: number;
  /** Events that are kept for clients that come back. Default 1,000, and as many as fit a client's buffer. */
  readonly keptEvents?: number;
  /** Between two snapshots of a pool, milliseconds. Default 1,000. */
  readonly snapshotMs?: number;
  /** Between two comments that keep the connection open, milliseconds. Default 15,000. */
  readonly heartbeatMs?: number;
  /** A client that has taken nothing for this long is disconnected, milliseconds. Default 60,000. */
  readonly stuckMs?: number;
  /**
   * After this long a stream ends, milliseconds: the client comes back by itself, misses nothing, and the guards are asked
   * again. Default 900,000 (15 min).
   */
  readonly maxAgeMs?: number;
  /** For tests. */
  readonly clock?: Clock;
}

/** Token of `LiveOptions`, where they are to differ from the defaults. */
export const LIVE_OPTIONS = Symbol('live options');

/** The one place where the defaults stand. */
export function resolveLive(options: LiveOptions): Required<LiveOptions> {
  return {
    maxClients: 2_000,
    maxBufferBytes: 256 * 1_024,
    keptEvents: 1_000,
    snapshotMs: 1_000,
    heartbeatMs: 15_000,
    stuckMs: 60_000,
    maxAgeMs: 900_000,
    clock: systemClock,
    ...options,
  };
}
