import type { DeciderSpec } from './deciders/build-decider.js';
import type { OnFault } from './faults.js';
import type { ForecastSpec } from './forecasts/build-forecast.js';
import type { GuardSpec } from './guards/build-guard.js';
import type { Preset } from './presets.js';
import type { SignalSpec } from './signals/signal-spec.js';

/** How a pool sizes itself. Every field is optional. */
export interface ScalingOptions {
  /** A preset by name, or parts. Default `balanced` for threads and foreign pools, `adaptive` for async pools. */
  readonly policy?: Policy;
  /** The wait that 99 of 100 tasks are to stay within, milliseconds. Default 100. */
  readonly objectiveMs?: number;
  /** Time between two evaluations, milliseconds. Default: the preset's, 250 for all but `course`. */
  readonly tickMs?: number;
  /**
   * After a fault of a part: `retry` (default) tries again after 1 s, twice as long after each fault in a row, 60 s at
   * most; `freeze` leaves the size alone until the policy is set again. Health shows either.
   */
  readonly onFault?: OnFault;
}

/** A preset by name, or the parts of a policy. */
export type Policy = Preset | PolicySpec;

/** A policy in parts. What is left out is the preset's. */
export interface PolicySpec {
  /** Default: the pool's, where there is no `decider`; with a decider of one's own, none. */
  readonly preset?: Preset;
  /** Added to the default signals; one of the same name replaces it. */
  readonly signals?: Readonly<Record<string, SignalSpec>>;
  /** In place of the preset's. */
  readonly decider?: DeciderSpec;
  /** Asked in this order, after the preset's. */
  readonly guards?: readonly GuardSpec[];
  /** The target is the higher of what it predicts and what the decider proposes. */
  readonly forecast?: ForecastSpec;
}
