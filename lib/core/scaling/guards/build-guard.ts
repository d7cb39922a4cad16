import type { Place } from '../../validate.js';
import { buildPart, type Family } from '../build-part.js';
import type { Guard } from '../contract.js';
import type { PolicyContext } from '../policy-context.js';
import { bounds, type BoundsSpec } from './bounds.js';
import { breaker, type BreakerSpec } from './breaker.js';
import { budget, type BudgetSpec } from './budget.js';
import { cooldown, type CooldownSpec } from './cooldown.js';
import { cpuSaturation, type CpuSaturationSpec } from './cpu-saturation.js';
import { errorRate, type ErrorRateSpec } from './error-rate.js';
import { memoryHeadroom, type MemoryHeadroomSpec } from './memory-headroom.js';
import { stabilization, type StabilizationSpec } from './stabilization.js';
import { stepLimit, type StepLimitSpec } from './step-limit.js';
import { workerHours, type WorkerHoursSpec } from './worker-hours.js';

/** A guard by its type, or one of the user's own. */
export type GuardSpec =
  | BoundsSpec
  | CooldownSpec
  | StabilizationSpec
  | StepLimitSpec
  | ErrorRateSpec
  | BreakerSpec
  | BudgetSpec
  | WorkerHoursSpec
  | CpuSaturationSpec
  | MemoryHeadroomSpec
  | Guard;

const GUARDS: Family<Guard> = {
  what: 'guard',
  method: 'apply',
  types: {
    bounds,
    cooldown,
    stabilization,
    'step-limit': stepLimit,
    'error-rate': errorRate,
    breaker,
    budget,
    'worker-hours': workerHours,
    'cpu-saturation': cpuSaturation,
    'memory-headroom': memoryHeadroom,
  },
};

/**
 * Builds a guard; a part with an `apply` method of its own is taken as it is. Guards keep state: each pool needs its own.
 * @throws PoolConfigError that names the pool, the option, the value and what is allowed.
 */
export function buildGuard(spec: unknown, place: Place, context: PolicyContext = {}): Guard {
  return buildPart(GUARDS, spec, place, context);
}
