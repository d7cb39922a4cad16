import type { Decider, Guard } from '../core/scaling/contract.js';
import type { NextTimesOf } from '../core/scaling/forecasts/next-times.js';
import type { Preset } from '../core/scaling/presets.js';
import type { ScalingOptions } from '../core/scaling/scaling-options.js';
import type { BreakerOptions } from './breaker-options.js';

/** The pool that is simulated, and what decides on its size: a policy, parts that were built already, or nothing. */
export interface SimulationOptions {
  /** Of the pool, in readings and decisions. Default: the workload's. */
  readonly name?: string;
  /** As a pool's. Default: the policy `balanced`, unless there is a `decider` or a `size`. */
  readonly scaling?: ScalingOptions | Preset;
  /** A decider that was built already, instead of a policy; it keeps state, so that each simulation needs its own. */
  readonly decider?: Decider;
  /** With `decider` only. */
  readonly guards?: readonly Guard[];
  /** A constant size, and no control loop: for what is known in closed form, and for the best static size. */
  readonly size?: number;
  /** Workers. Default 1. */
  readonly min?: number;
  /** Workers. Default 64. */
  readonly max?: number;
  /** Workers that are ready when the simulation begins. Default 2, or the nearest within the bounds. */
  readonly initial?: number;
  /** From the start of a worker until it takes tasks, milliseconds. Default 150. */
  readonly spawnDelayMs?: number;
  /** Most tasks that wait; what comes then is dropped. Default: no limit, and no signal `queueDepth`, which is a share of it. */
  readonly queueCapacity?: number;
  /** What the service time of a task that starts at this time, milliseconds from the start, is multiplied by: a slow downstream. */
  readonly serviceFactor?: (atMs: number) => number;
  /** A circuit breaker between the tasks and what they call; its state is the signal `breaker`. */
  readonly breaker?: BreakerOptions;
  /** Where within a tick the first one comes: the rest is given by the workload. Default: a whole tick after the start. */
  readonly seed?: number;
  /** When it starts, milliseconds since the epoch, for forecasts that go by the time of day. Default 0. */
  readonly startsAt?: number;
  /** Reads cron expressions: required by the forecast `schedule`; the entry point `/simulator` brings one. */
  readonly cron?: NextTimesOf;
}
