import { age } from '../format.js';
import type { Connection } from '../state/app-state.js';
import { useDashboard } from '../state/context.js';

/** Says that what is shown is old, how old, and when the next attempt is. The region stands always, so that it is read out. */
export function ConnectionBanner(props: { connection: Connection; dataAt: number | null; now: number }) {
  const dashboard = useDashboard();
  const { connection, dataAt, now } = props;
  const isLost = connection.state === 'lost' && dataAt !== null;
  return (
    <div class="banner-place">
      {/* Only this sentence is read out: the seconds beside it change too often. */}
      <p class={isLost ? 'banner-text' : 'visually-hidden'} role="status" aria-live="polite" data-field="banner">
        {isLost ? 'Disconnected from the application. The figures below are stale.' : ''}
      </p>
      {isLost && (
        <div class="banner">
          <span data-field="stale-age">As of {age(now - dataAt)} ago. </span>
          <span>{nextAttempt(connection.retryAt, now)}</span>
          <button onClick={() => dashboard.retryNow()}>Try now</button>
        </div>
      )}
    </div>
  );
}

function nextAttempt(retryAt: number | null, now: number): string {
  if (retryAt === null) return 'The application wants another token.';
  return retryAt > now ? `Next attempt in ${age(retryAt - now)}.` : 'Trying…';
}
