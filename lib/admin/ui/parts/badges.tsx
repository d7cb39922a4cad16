import type { HealthStatus } from '../../../core/health/pool-health.js';
import type { PoolState } from '../../../core/contract/snapshot.js';

/** The mark stands besides the word, so that colour is never all there is. */
export function HealthBadge(props: { status: HealthStatus }) {
  return (
    <span class={`badge health-${props.status}`} data-field="health">
      {props.status}
    </span>
  );
}

export function StateBadge(props: { state: PoolState }) {
  return (
    <span class={`badge state-${props.state}`} data-field="state">
      {props.state}
    </span>
  );
}
