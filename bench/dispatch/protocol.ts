import type { ContenderName } from './contenders/registry.js';
import type { WorkloadName } from './workloads.js';

/** What a contender's process is told on its command line, as JSON. */
export interface Job {
  readonly contender: ContenderName;
  readonly threads: number;
  /** What it will be asked for; it warms up with each. */
  readonly workloads: readonly WorkloadName[];
  readonly warmUpMs: number;
}

/** Asks for one slice of load. */
export interface SliceRequest {
  readonly workload: WorkloadName;
  readonly ms: number;
  /** Whether to take the time of each call; it costs throughput. */
  readonly timed: boolean;
}

/** The answer to a `SliceRequest`. */
export interface SliceReport {
  /** Tasks per second. */
  readonly rate: number;
  /** Latency, microseconds; 0 unless `timed`. */
  readonly p50us: number;
  readonly p99us: number;
}
