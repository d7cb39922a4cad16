/**
 * Names under which the parts look for signals unless they are told others. Every pool has the first seven; the rest have
 * to be among the policy's signals.
 */
export const SIGNALS = {
  /** Tasks waiting, as a share of the queue's capacity. */
  queueDepth: 'queueDepth',
  /** busy / live */
  utilization: 'utilization',
  /** Milliseconds. */
  waitMean: 'waitMean',
  /** Milliseconds. */
  waitP99: 'waitP99',
  /** Milliseconds. */
  serviceMean: 'serviceMean',
  /** Tasks in per second. */
  arrivalRate: 'arrivalRate',
  /** Failures as a share of what ended. */
  errorRate: 'errorRate',
  /** Squared coefficient of variation of the service times. */
  serviceScv: 'serviceScv',
  /** See `BREAKER_STATES`. */
  breaker: 'breaker',
  /** Seconds that threads stood ready and waited for a core, per second. */
  runQueue: 'runQueue',
  /** Share of the scheduling periods in which the cgroup's CPU quota held the process back. */
  throttling: 'throttling',
  /** Workers that still fit into the memory limit; below 0 when over. */
  memory: 'memory',
} as const;

/** States of a circuit breaker as numbers. */
export const BREAKER_STATES = { closed: 0, 'half-open': 0.5, open: 1 } as const;
