import type { PoolView } from '../../../core/contract/operation.js';
import { age, plural } from '../format.js';

/** The policy as it was given, and how the autoscaler is. */
export function PolicyPanel(props: { view: PoolView; now: number }) {
  const { policy, autoscaler } = props.view;
  return (
    <section class="panel" aria-labelledby="policy">
      <h2 id="policy">Policy</h2>
      {policy === null ? (
        <p class="hint">This pool does not scale itself.</p>
      ) : (
        <pre tabIndex={0} aria-label="The policy as JSON" data-field="policy">
          {JSON.stringify(policy, null, 2)}
        </pre>
      )}
      {autoscaler !== null && (
        <p class="hint">
          Autoscaler {autoscaler.state}
          {autoscaler.lastTickAt !== null && `, last tick ${age(props.now - autoscaler.lastTickAt)} ago`}
          {autoscaler.isFlapping && ', flapping'}
          {autoscaler.faults > 0 && `, ${plural(autoscaler.faults, 'fault')}; the last: ${autoscaler.lastFault ?? ''}`}
        </p>
      )}
    </section>
  );
}
