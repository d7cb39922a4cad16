import type { Signal } from '../contract.js';
import type { CircuitBreaker } from './breaker-signal.js';
import type { SignalFunction } from './function-signal.js';
import type { MemoryMeasure } from './memory-signals.js';
import type { ProcessMeasure } from './process-signals.js';
import type { WaitMeasure } from './reading-signals.js';
import type { ServiceMeasure } from './service-signals.js';
import type { Over } from './worker-loop-signals.js';

/**
 * How a policy names a signal: an object with a `type`, the name of a default or registered signal, a function that is
 * called at each tick, or a signal of one's own.
 */
export type SignalSpec = TypedSignalSpec | string | SignalFunction | Signal;

export type TypedSignalSpec =
  /** Queue depth / capacity, 0..1. */
  | { readonly type: 'queue-depth' }
  /** busy / live, 0..1. */
  | { readonly type: 'utilization' }
  /** Milliseconds, over the window of the pool's statistics. Default `p99`. */
  | { readonly type: 'wait'; readonly quantile?: WaitMeasure }
  /** Over the last `completions` tasks, default 200: `mean` (default) in milliseconds, or `scv`. */
  | { readonly type: 'service'; readonly measure?: ServiceMeasure; readonly completions?: number }
  /** Tasks accepted, and tasks ended, per second. Default window 5,000 ms. */
  | { readonly type: 'arrival-rate' | 'throughput'; readonly windowMs?: number }
  /** Index of dispersion of the arrivals: 1 for Poisson. */
  | { readonly type: 'arrival-dispersion' }
  /** Share of the ended tasks that failed, 0..1. Default window 10,000 ms. */
  | { readonly type: 'error-rate'; readonly windowMs?: number }
  | EwmaSpec
  /** closed 0, half-open 0.5, open 1. */
  | { readonly type: 'breaker'; readonly breaker: CircuitBreaker }
  | PrometheusSpec
  /** Of the pool's threads: utilization 0..1 (default: their mean), delay in milliseconds (default: their maximum). */
  | { readonly type: 'loop-utilization' | 'loop-delay'; readonly over?: Over }
  /** Of the process. */
  | { readonly type: Exclude<ProcessMeasure, 'cpu' | 'usable-cores'> }
  /** CPU in use as a share of the usable cores, and those; `cores` where the machine does not tell them right. */
  | { readonly type: 'cpu' | 'usable-cores'; readonly cores?: number }
  /** `headroom` (default): workers that still fit the memory limit. `at-max`: part of it used at the maximum size. */
  | { readonly type: 'memory'; readonly measure?: MemoryMeasure; readonly workerMb?: number };

/** An average of another signal, by half-life or by the weight of each new value. */
export type EwmaSpec =
  | { readonly type: 'ewma'; readonly of: SignalSpec; readonly halfLifeMs: number }
  | { readonly type: 'ewma'; readonly of: SignalSpec; readonly alpha: number };

/** An instant query that gives one number. */
export interface PrometheusSpec {
  readonly type: 'prometheus';
  /** Of the server, without `/api/v1/query`. */
  readonly url: string;
  readonly query: string;
  /** Between the end of one query and the next, milliseconds. Default 5,000. */
  readonly intervalMs?: number;
  /** For one query, milliseconds. Default 2,000. */
  readonly timeoutMs?: number;
  /** How old the last good value may be, milliseconds. Default: as long as three queries that fail take. */
  readonly staleAfterMs?: number;
  /** As for authorization. */
  readonly headers?: Readonly<Record<string, string>>;
}
