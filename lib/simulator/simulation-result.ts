import type { BreakerState } from '../core/scaling/signals/breaker-signal.js';
import type { Decision } from '../core/scaling/contract.js';

/** A change of the target. Milliseconds from the start. */
export interface Resize {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** What a pool was from some time on. Milliseconds from the start; `size` is starting + live. */
export interface SizeChange {
  readonly at: number;
  readonly size: number;
  readonly target: number;
}

/** The state of the circuit breaker from some time on. Milliseconds from the start. */
export interface BreakerChange {
  readonly at: number;
  readonly state: BreakerState;
}

/** What came of a simulation. Times are in milliseconds from the start. */
export interface SimulationResult {
  /** The workload's name. */
  readonly workload: string;
  /** Tasks that arrived. */
  readonly tasks: number;
  readonly started: number;
  /** Tasks that waited longer than the objective, those included that still wait at the end. */
  readonly late: number;
  /** Late and dropped tasks, as a percentage of all. */
  readonly missPct: number;
  /** What the workers cost: the time of all of them, from the start of each, boots included. */
  readonly workerMs: number;
  /** Of the tasks that started. */
  readonly meanWaitMs: number;
  /** Of the tasks that started: the wait that 99 % did not exceed. */
  readonly p99WaitMs: number;
  /** Of each task; NaN where it never started. */
  readonly waits: Float64Array;
  readonly resizes: readonly Resize[];
  /** Resizes in the other direction than the one before, within 60 s of it. */
  readonly reversals: number;
  readonly resizesPerHour: number;
  readonly reversalsPerHour: number;
  /** All of them, oldest first. `at` and `lastAt` are from the start. */
  readonly decisions: readonly Decision[];
  readonly sizes: readonly SizeChange[];
  /** Tasks that found the queue full. */
  readonly dropped: number;
  readonly failed: number;
  /** States of the circuit breaker, oldest first; empty where there is none. */
  readonly breaker: readonly BreakerChange[];
  /** Messages of what a part of the policy threw; the loop went on, or stopped, as `onFault` says. */
  readonly faults: readonly string[];
}
