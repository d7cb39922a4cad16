import { useEffect, useRef } from 'preact/hooks';
import { Overview } from './overview/overview.js';
import { ConnectionBanner } from './parts/connection-banner.js';
import { Header } from './parts/header.js';
import { Notice } from './parts/notice.js';
import { TokenDialog } from './parts/token-dialog.js';
import { PoolPage } from './pool/pool-page.js';
import { useDashboard } from './state/context.js';
import { useNow } from './state/now.js';
import { useRoute } from './state/use-route.js';
import { useStore } from './state/store.js';
import { useTheme } from './state/theme.js';

/** The whole page. */
export function App() {
  const dashboard = useDashboard();
  const state = useStore(dashboard.store);
  const route = useRoute();
  const theme = useTheme();
  const now = useNow();
  const main = useRef<HTMLElement>(null);
  const pool = route.view === 'pool' ? route.pool : null;
  const isFirst = useRef(true);

  useEffect(() => {
    dashboard.open(pool);
    document.title = pool === null ? 'Pools' : `${pool} · Pools`;
    // A screen reader should begin with what was opened.
    if (!isFirst.current) main.current?.focus();
    isFirst.current = false;
    scrollTo(0, 0);
  }, [pool]);

  const isStale = state.connection.state === 'lost' && state.dataAt !== null;
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the content
      </a>
      <Header state={state} pool={pool} theme={theme.theme} onTheme={theme.setTheme} />
      <ConnectionBanner connection={state.connection} dataAt={state.dataAt} now={now} />
      <main id="main" ref={main} tabIndex={-1} class={isStale ? 'is-stale' : ''}>
        {state.phase === 'loading' && <Notice busy title="Loading" text="Reading the pools of the application." />}
        {state.phase === 'failed' && (
          <Notice title="Nothing to show" text={state.failure ?? ''}>
            <div class="row">
              <button class="primary" onClick={() => void dashboard.start()}>
                Try again
              </button>
              <button onClick={() => dashboard.askForToken()}>Enter a token</button>
            </div>
          </Notice>
        )}
        {state.phase === 'ready' && pool === null && <Overview state={state} now={now - state.clockAheadMs} />}
        {state.phase === 'ready' && pool !== null && (
          <PoolPage key={pool} name={pool} state={state} now={now - state.clockAheadMs} theme={theme.resolved} />
        )}
      </main>
      {state.access && (
        <TokenDialog
          wish={state.access}
          onToken={(token) => dashboard.useToken(token)}
          onClose={() => dashboard.closeTokenDialog()}
        />
      )}
    </>
  );
}
