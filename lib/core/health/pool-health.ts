/** `up`: all is well. `degraded`: it serves, and somebody should look. `down`: it serves nothing, or nothing keeps its size. */
export type HealthStatus = 'up' | 'degraded' | 'down';

/** How a pool is, and why; `reasons` is empty while it is up. */
export interface PoolHealth {
  readonly pool: string;
  readonly status: HealthStatus;
  /** Sentences for people, the worst first. */
  readonly reasons: readonly string[];
}

/** Something beside the pools that is not as it should be, such as a configuration file that cannot be read. */
export interface HealthNotice {
  readonly status: Exclude<HealthStatus, 'up'>;
  /** A sentence for people. */
  readonly reason: string;
}
