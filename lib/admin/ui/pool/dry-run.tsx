import { useState } from 'preact/hooks';
import type { DryRunResult, PoolView } from '../../../core/contract/operation.js';
import type { Policy } from '../../../core/scaling/scaling-options.js';
import { messageOf } from '../api/api-error.js';
import { ConfirmDialog } from '../parts/confirm-dialog.js';
import { useDashboard } from '../state/context.js';
import { DryRunReport } from './dry-run-report.js';

const PRESETS = ['balanced', 'thrifty', 'latency', 'course', 'adaptive'] as const;
const JSON_TEXT = 'json';

/** What another policy would have done with the last minutes, and for operators: use it. */
export function DryRun(props: { view: PoolView; isOperator: boolean; theme: string }) {
  const dashboard = useDashboard();
  const { view, isOperator } = props;
  const [choice, setChoice] = useState<string>('latency');
  const [text, setText] = useState(() => JSON.stringify(view.policy ?? 'balanced', null, 2));
  const [minutes, setMinutes] = useState('5');
  const [isBusy, setBusy] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const [message, setMessage] = useState<{ ok: boolean; text: string } | null>(null);
  const [done, setDone] = useState<{ policy: Policy; result: DryRunResult } | null>(null);

  const attempt = async (work: () => Promise<string>) => {
    setBusy(true);
    setMessage(null);
    try {
      setMessage({ ok: true, text: await work() });
    } catch (error) {
      setMessage({ ok: false, text: messageOf(error) });
    } finally {
      setBusy(false);
    }
  };
  const run = () =>
    attempt(async () => {
      setDone(null);
      const policy = choice === JSON_TEXT ? parsePolicy(text) : (choice as Policy);
      setDone({ policy, result: await dashboard.client.dryRun(view.name, { policy, minutes: readMinutes(minutes) }) });
      return '';
    });
  const apply = (policy: Policy) =>
    attempt(async () => {
      await dashboard.apply((client) => client.setPolicy(view.name, policy));
      return 'The pool goes by this policy now.';
    });

  return (
    <section class="panel" aria-labelledby="dry-run">
      <h2 id="dry-run">Dry run</h2>
      <p class="hint">What another policy would have done with the load of the last minutes. Nothing changes.</p>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) void run();
        }}
      >
        <div class="fields">
          <label class="field">
            <span>Policy</span>
            <select name="policy" value={choice} onChange={(event) => setChoice(event.currentTarget.value)}>
              {PRESETS.map((preset) => (
                <option key={preset} value={preset}>
                  {preset}
                </option>
              ))}
              <option value={JSON_TEXT}>JSON…</option>
            </select>
          </label>
          <label class="field">
            <span>Minutes (1 to 15)</span>
            <input
              type="number"
              name="minutes"
              min={1}
              max={15}
              value={minutes}
              onInput={(event) => setMinutes(event.currentTarget.value)}
            />
          </label>
          {choice === JSON_TEXT && (
            <label class="field wide">
              <span>Policy as JSON</span>
              <textarea
                name="json"
                rows={8}
                spellcheck={false}
                value={text}
                onInput={(event) => setText(event.currentTarget.value)}
              />
            </label>
          )}
        </div>
        <div class="row controls-row">
          <button type="submit" disabled={isBusy}>
            {isBusy ? 'Running…' : 'Run'}
          </button>
          {isOperator && done && (
            <button type="button" class="primary" disabled={isBusy} onClick={() => setAsking(true)}>
              Apply this policy
            </button>
          )}
        </div>
      </form>
      <p class={message?.ok === false ? 'error' : 'done'} role="status" aria-live="polite" data-field="dry-run-message">
        {message?.text ?? ''}
      </p>
      {done && <DryRunReport result={done.result} theme={props.theme} />}
      {isAsking && done && (
        <ConfirmDialog
          title={`Change the policy of ${view.name}?`}
          text="The pool goes by it from the next tick on, until the application starts anew."
          confirm="Apply"
          onClose={() => setAsking(false)}
          onConfirm={() => void apply(done.policy)}
        />
      )}
    </section>
  );
}

function parsePolicy(text: string): Policy {
  try {
    return JSON.parse(text) as Policy;
  } catch (cause) {
    throw new Error('This is no JSON. Presets stand in quotes: "latency".', { cause });
  }
}

function readMinutes(text: string): number {
  const minutes = Number(text);
  if (Number.isInteger(minutes) && minutes >= 1 && minutes <= 15) return minutes;
  throw new Error('Minutes: a whole number from 1 to 15.');
}
