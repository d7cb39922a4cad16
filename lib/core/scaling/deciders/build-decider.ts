import type { Place } from '../../validate.js';
import { buildPart, type Family } from '../build-part.js';
import type { Decider } from '../contract.js';
import type { PolicyContext } from '../policy-context.js';
import { aimd, type AimdSpec } from './aimd.js';
import { balanced, type BalancedSpec } from './balanced.js';
import { ceiling, type CeilingSpec } from './ceiling.js';
import { costAware, type CostAwareSpec } from './cost-aware.js';
import { gradient2, type Gradient2Spec } from './gradient2.js';
import { hillClimbing, type HillClimbingSpec } from './hill-climbing.js';
import { pid, type PidSpec } from './pid-decider.js';
import { queueing, type QueueingSpec } from './queueing.js';
import { rules, type RulesSpec } from './rules.js';
import { step, type StepSpec } from './step.js';
import { targetTracking, type TargetTrackingSpec } from './target-tracking.js';
import { threshold, type ThresholdSpec } from './threshold.js';
import { waitTime, type WaitTimeSpec } from './wait-time.js';

/** A decider by its type, or one of the user's own. */
export type DeciderSpec =
  | BalancedSpec
  | ThresholdSpec
  | WaitTimeSpec
  | StepSpec
  | AimdSpec
  | PidSpec
  | TargetTrackingSpec
  | QueueingSpec
  | RulesSpec
  | CostAwareSpec
  | HillClimbingSpec
  | Gradient2Spec
  | CeilingSpec
  | Decider;

const DECIDERS: Family<Decider> = {
  what: 'decider',
  method: 'decide',
  types: {
    threshold,
    'wait-time': waitTime,
    step,
    aimd,
    pid,
    'target-tracking': targetTracking,
    queueing,
    rules,
    'cost-aware': costAware,
    'hill-climbing': hillClimbing,
    gradient2,
    ceiling,
    balanced,
  },
};

/**
 * Builds a decider; a part with a `decide` method of its own is taken as it is. Deciders keep state: each pool needs its own.
 * @throws PoolConfigError that names the pool, the option, the value and what is allowed.
 */
export function buildDecider(spec: unknown, place: Place, context: PolicyContext = {}): Decider {
  return buildPart(DECIDERS, spec, place, context);
}
