import { useId, useState } from 'preact/hooks';
import type { OverrideRequest, PoolView } from '../../../core/contract/operation.js';

const MINUTE = 60_000;
const EXPIRIES: readonly (readonly [number | null, string])[] = [
  [5 * MINUTE, '5 minutes'],
  [10 * MINUTE, '10 minutes'],
  [30 * MINUTE, '30 minutes'],
  [60 * MINUTE, '1 hour'],
  [240 * MINUTE, '4 hours'],
  [null, 'until released'],
];

/** Pins a size: how many, for how long, why, and who says so. */
export function ResizeForm(props: { view: PoolView; isBusy: boolean; onResize: (request: OverrideRequest) => void }) {
  const { view, isBusy } = props;
  const [size, setSize] = useState(String(view.target));
  const [forMs, setForMs] = useState<number | null>(10 * MINUTE);
  const [reason, setReason] = useState('');
  const [owner, setOwner] = useState('');
  const problem = useId();
  const wanted = Number(size);
  const isWrong = !/^\d+$/.test(size.trim()) || wanted < view.min || wanted > view.max;

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isWrong || isBusy) return;
        props.onResize({
          size: wanted,
          ...(forMs === null ? {} : { forMs }),
          ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
          ...(owner.trim() === '' ? {} : { owner: owner.trim() }),
        });
      }}
    >
      <div class="fields">
        <label class="field">
          <span>
            Size ({view.min} to {view.max})
          </span>
          <input
            type="number"
            inputMode="numeric"
            name="size"
            min={view.min}
            max={view.max}
            step={1}
            required
            value={size}
            aria-invalid={isWrong}
            aria-describedby={isWrong ? problem : undefined}
            onInput={(event) => setSize(event.currentTarget.value)}
          />
        </label>
        <label class="field">
          <span>For</span>
          <select
            name="for"
            value={String(forMs)}
            onChange={(event) =>
              setForMs(event.currentTarget.value === 'null' ? null : Number(event.currentTarget.value))
            }
          >
            {EXPIRIES.map(([ms, text]) => (
              <option key={text} value={String(ms)}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <label class="field wide">
          <span>Reason</span>
          <input
            type="text"
            name="reason"
            maxLength={200}
            autocomplete="off"
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </label>
        <label class="field wide">
          <span>Your name</span>
          <input
            type="text"
            name="owner"
            maxLength={100}
            autocomplete="off"
            value={owner}
            onInput={(event) => setOwner(event.currentTarget.value)}
          />
        </label>
      </div>
      {isWrong && (
        <p class="error" id={problem}>
          A whole number from {view.min} to {view.max}.
        </p>
      )}
      <div class="row controls-row">
        <button type="submit" class="primary" disabled={isBusy || isWrong}>
          Pin size
        </button>
      </div>
    </form>
  );
}
