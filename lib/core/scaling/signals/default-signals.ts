import type { TypedSignalSpec } from './signal-spec.js';

/** The signals that every pool has, by the names that deciders and guards use. */
export const DEFAULT_SIGNALS = {
  queueDepth: { type: 'queue-depth' },
  utilization: { type: 'utilization' },
  waitMean: { type: 'wait', quantile: 'mean' },
  waitP99: { type: 'wait', quantile: 'p99' },
  errorRate: { type: 'error-rate' },
  arrivalRate: { type: 'arrival-rate' },
  throughput: { type: 'throughput' },
  serviceMean: { type: 'service', measure: 'mean' },
} as const satisfies Readonly<Record<string, TypedSignalSpec>>;

export type DefaultSignalName = keyof typeof DEFAULT_SIGNALS;
