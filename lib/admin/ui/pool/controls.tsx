import { useState } from 'preact/hooks';
import type { OverrideRequest, PoolView } from '../../../core/contract/operation.js';
import { messageOf } from '../api/api-error.js';
import type { ApiClient } from '../api/api-client.js';
import { moment } from '../format.js';
import { ConfirmDialog } from '../parts/confirm-dialog.js';
import { useDashboard } from '../state/context.js';
import { ResizeForm } from './resize-form.js';

type Outcome = { readonly ok: boolean; readonly text: string };
type Question = 'pause' | 'drain' | null;

/** What an operator may do to the pool. Each change is answered in words, which are read out. */
export function Controls(props: { view: PoolView; now: number }) {
  const dashboard = useDashboard();
  const { view, now } = props;
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [question, setQuestion] = useState<Question>(null);

  const change = async (ask: (client: ApiClient) => Promise<PoolView>, said: (view: PoolView) => string) => {
    setBusy(true);
    setOutcome(null);
    try {
      setOutcome({ ok: true, text: said(await dashboard.apply(ask)) });
    } catch (error) {
      setOutcome({ ok: false, text: messageOf(error) });
    } finally {
      setBusy(false);
    }
  };
  const resize = (request: OverrideRequest) =>
    change(
      (client) => client.override(view.name, request),
      ({ override, target }) =>
        override?.until
          ? `Pinned at ${override.size} until ${moment(override.until, now)}.`
          : `Pinned at ${target} until released.`,
    );

  return (
    <section class="panel" aria-labelledby="controls">
      <h2 id="controls">Control</h2>
      <ResizeForm view={view} isBusy={isBusy} onResize={(request) => void resize(request)} />
      <div class="row controls-row">
        <button
          disabled={isBusy || view.override === null}
          onClick={() =>
            void change(
              (client) => client.auto(view.name),
              () => 'Released: the policy decides again.',
            )
          }
        >
          Back to automatic
        </button>
      </div>
      <div class="row controls-row">
        {view.state === 'open' ? (
          <button disabled={isBusy} onClick={() => setQuestion('pause')}>
            Pause
          </button>
        ) : (
          <button
            disabled={isBusy || view.state === 'closed'}
            onClick={() =>
              void change(
                (client) => client.tell(view.name, 'resume'),
                () => 'Resumed: tasks start again.',
              )
            }
          >
            Resume
          </button>
        )}
        <button
          disabled={isBusy || view.state === 'draining' || view.state === 'closed'}
          onClick={() => setQuestion('drain')}
        >
          Drain
        </button>
      </div>
      <p class={outcome?.ok === false ? 'error' : 'done'} role="status" aria-live="polite" data-field="outcome">
        {outcome?.text ?? ''}
      </p>
      {question === 'pause' && (
        <ConfirmDialog
          title={`Pause ${view.name}?`}
          text="Running tasks end, nothing new starts. Calls queue until the queue is full, then they are refused."
          confirm="Pause"
          onClose={() => setQuestion(null)}
          onConfirm={() =>
            void change(
              (client) => client.tell(view.name, 'pause'),
              () => 'Paused: calls queue.',
            )
          }
        />
      )}
      {question === 'drain' && (
        <ConfirmDialog
          title={`Drain ${view.name}?`}
          text="New calls are refused at once. What was accepted finishes. Resume opens the pool again."
          confirm="Drain"
          onClose={() => setQuestion(null)}
          onConfirm={() =>
            void change(
              (client) => client.tell(view.name, 'drain'),
              () => 'Draining: new calls are refused.',
            )
          }
        />
      )}
    </section>
  );
}
