import type { NextTimesOf } from './forecasts/next-times.js';
import type { BudgetShare } from './guards/budget.js';

/** What the parts of a policy may need to know of the loop that they are built for. All of it may be left out. */
export interface PolicyContext {
  /** Time between two evaluations: what is shorter has no effect, and is refused. Default 250. */
  readonly tickMs?: number;
  /** Objective for the 99th percentile of the wait: for deciders that are given none of their own. Default 100. */
  readonly objectiveMs?: number;
  /** Names of the signals of the policy. Where given, parts that go by another name are refused. */
  readonly signals?: readonly string[];
  /** The pool's share of a budget: required by the guard `budget`. */
  readonly budget?: BudgetShare;
  /** Reads cron expressions: required by the forecast `schedule`. */
  readonly cron?: NextTimesOf;
  /** The time of day, in milliseconds since the epoch, at an instant of the autoscaler's clock. Default: the two are one. */
  readonly epochOf?: (now: number) => number;
}

export const DEFAULT_TICK_MS = 250;
export const DEFAULT_OBJECTIVE_MS = 100;
