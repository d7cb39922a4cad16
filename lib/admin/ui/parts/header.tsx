import type { AppState } from '../state/app-state.js';
import { useDashboard } from '../state/context.js';
import type { Theme } from '../state/theme.js';

const NEXT: Record<Theme, Theme> = { system: 'dark', dark: 'light', light: 'system' };
const NAMES: Record<Theme, string> = { system: 'system', dark: 'dark', light: 'light' };

/** Where one is, whether the figures are live, and as whom one looks. */
export function Header(props: { state: AppState; pool: string | null; theme: Theme; onTheme: (theme: Theme) => void }) {
  const dashboard = useDashboard();
  const { connection, role, phase } = props.state;
  const live = phase !== 'ready' ? null : connection.state;
  return (
    <header class="top">
      <nav aria-label="Where you are">
        <ol class="crumbs">
          <li>
            <a href="#/" aria-current={props.pool === null ? 'page' : undefined}>
              Pools
            </a>
          </li>
          {props.pool !== null && (
            <li>
              <span aria-current="page">{props.pool}</span>
            </li>
          )}
        </ol>
      </nav>
      <div class="top-right">
        {live !== null && (
          <span class={`live live-${live}`} data-field="connection">
            {live === 'live' ? 'Live' : live === 'lost' ? 'Disconnected' : 'Connecting'}
          </span>
        )}
        {role !== null && (
          <span class="role" data-field="role">
            {role === 'operator' ? 'Operator' : 'Viewer'}
          </span>
        )}
        <button class="quiet" onClick={() => dashboard.askForToken()}>
          Token
        </button>
        <button
          class="quiet"
          onClick={() => props.onTheme(NEXT[props.theme])}
          aria-label={`Colours: ${NAMES[props.theme]}. Change to ${NAMES[NEXT[props.theme]]}.`}
        >
          Colours: {NAMES[props.theme]}
        </button>
      </div>
    </header>
  );
}
