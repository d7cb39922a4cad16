/** `up`: all is well. `degraded`: it serves, and somebody should look. `down`: it serves nothing, or nothing keeps its size. */
export type HealthStatus = 'up' | 'degraded' | 'down';

/** How something is, and why; `reasons` is empty while it is up. */
export interface HealthVerdict {
  readonly status: HealthStatus;
  /** Sentences for people, the worst first. */
  readonly reasons: readonly string[];
}

/** How a pool is, and why. */
export interface PoolHealth extends HealthVerdict {
  readonly pool: string;
}

/** Something beside the pools that is not as it should be, such as a configuration file that cannot be read. */
export interface HealthNotice {
  readonly status: Exclude<HealthStatus, 'up'>;
  /** A sentence for people. */
  readonly reason: string;
}

/** Puts what was found together: the worst status counts, and the worst is told first. */
export function verdictOf(notices: readonly HealthNotice[]): HealthVerdict {
  const reasons = (status: HealthStatus) => notices.filter((notice) => notice.status === status).map((n) => n.reason);
  const down = reasons('down');
  const degraded = reasons('degraded');
  const status = down.length > 0 ? 'down' : degraded.length > 0 ? 'degraded' : 'up';
  return Object.freeze({ status, reasons: Object.freeze([...down, ...degraded]) });
}
