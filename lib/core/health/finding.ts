import type { HealthCheckName, HealthMeanings } from './health-options.js';
import type { HealthNotice } from './pool-health.js';

/** Something about a pool that is not as it should be, and which check found it. */
export interface HealthFinding extends HealthNotice {
  readonly check: HealthCheckName | 'closed' | 'autoscaler';
}

/** A finding with the status that the options give it; none where they say `up`. */
export function finding(check: HealthCheckName, means: HealthMeanings, reason: string): HealthFinding[] {
  const status = means[check];
  return status === 'up' ? [] : [{ check, status, reason }];
}
