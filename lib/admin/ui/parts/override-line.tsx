import type { Override } from '../../../core/contract/snapshot.js';
import { moment } from '../format.js';

/** Who pinned the size, until when, and why. */
export function OverrideLine(props: { override: Override; now: number }) {
  const { size, owner, reason, until } = props.override;
  return (
    <p class="override" data-field="override">
      <strong>Pinned at {size}</strong> by {owner === '' ? 'somebody' : owner}
      {until === null ? ' until released' : ` until ${moment(until, props.now)}`}
      {reason === '' ? '' : `: ${reason}`}
    </p>
  );
}
