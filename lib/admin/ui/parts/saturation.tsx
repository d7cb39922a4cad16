import { percent } from '../format.js';

/** Busy workers of those that there may be, with a mark at the present size. */
export function Saturation(props: { busy: number; size: number; max: number }) {
  const { busy, size, max } = props;
  const share = max === 0 ? 0 : Math.min(1, busy / max);
  const tone = share >= 0.95 ? 'high' : share >= 0.75 ? 'raised' : 'calm';
  return (
    <div class="saturation">
      <div class="saturation-text">
        <span>
          <b data-field="busy">{busy}</b> of max <b data-field="max">{max}</b> busy
        </span>
        <span>{percent(share)}</span>
      </div>
      <svg class={`bar bar-${tone}`} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect class="bar-track" width="100" height="8" />
        <rect class="bar-size" width={max === 0 ? 0 : Math.min(100, (100 * size) / max)} height="8" />
        <rect class="bar-busy" width={100 * share} height="8" />
      </svg>
    </div>
  );
}
