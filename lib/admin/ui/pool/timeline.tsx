import { useMemo, useState } from 'preact/hooks';
import type { Decision } from '../../../core/scaling/contract.js';
import { age, figure, timeOfDay } from '../format.js';

const FILTERS = ['all', 'resizes', 'held'] as const;
type Filter = (typeof FILTERS)[number];
const FILTER_NAMES: Record<Filter, string> = { all: 'All', resizes: 'Resizes', held: 'Held' };
/** Shown at once; the rest on request. */
const FIRST = 12;

/** What the autoscaler decided, the latest first, each with its reason and on request with its inputs. */
export function Timeline(props: { decisions: readonly Decision[] | null; now: number }) {
  const [filter, setFilter] = useState<Filter>('all');
  const [all, setAll] = useState(false);
  const found = useMemo(() => props.decisions?.filter((each) => passes(each, filter)) ?? [], [props.decisions, filter]);
  const shown = all ? found : found.slice(0, FIRST);
  // Ages need not be drawn each second.
  const minute = Math.floor(props.now / 10_000);
  const list = useMemo(
    () => shown.map((decision) => <Entry key={decision.seq} decision={decision} now={props.now} />),
    [found, all, minute],
  );
  return (
    <section class="panel" aria-labelledby="timeline">
      <div class="panel-head">
        <h2 id="timeline">Scaling decisions</h2>
        <div class="segments" role="group" aria-label="Decisions shown">
          {FILTERS.map((each) => (
            <button key={each} aria-pressed={each === filter} onClick={() => setFilter(each)}>
              {FILTER_NAMES[each]}
            </button>
          ))}
        </div>
      </div>
      {props.decisions === null ? (
        <p class="hint">Reading the decisions…</p>
      ) : found.length === 0 ? (
        <p class="hint">{filter === 'all' ? 'Nothing was decided yet.' : 'No decision of this kind.'}</p>
      ) : (
        <ol class={all ? 'timeline is-long' : 'timeline'}>{list}</ol>
      )}
      {found.length > FIRST && (
        <button class="quiet" onClick={() => setAll(!all)}>
          {all ? 'Fewer' : `Show all ${found.length}`}
        </button>
      )}
    </section>
  );
}

function Entry(props: { decision: Decision; now: number }) {
  const { decision, now } = props;
  const { from, to, proposed, heldBy, reason, signals, repeated, lastAt, at, seq } = decision;
  const direction = to > from ? 'up' : to < from ? 'down' : 'same';
  const inputs = Object.entries(signals);
  return (
    <li class={`decision decision-${direction}`} data-seq={seq}>
      <details>
        <summary>
          <time dateTime={new Date(at).toISOString()}>{timeOfDay(at)}</time>
          <span class="move">{direction === 'same' ? `stays ${to}` : `${from} → ${to}`}</span>
          <span class="why">
            {reason}
            {heldBy !== null && (
              <span class="held">
                held by {heldBy}
                {proposed !== to && ` (${proposed} proposed)`}
              </span>
            )}
            {repeated > 0 && <span class="repeated">repeated {repeated === 1 ? 'once' : `${repeated} times`}</span>}
          </span>
        </summary>
        <dl class="inputs">
          <div>
            <dt>proposed</dt>
            <dd>{proposed}</dd>
          </div>
          {inputs.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{figure(value)}</dd>
            </div>
          ))}
        </dl>
        <p class="hint">
          Decision {seq}, {age(now - at)} ago
          {repeated > 0 && `; said again until ${timeOfDay(lastAt)}, with these inputs then`}
          {inputs.length === 0 && '; no signals'}
        </p>
      </details>
    </li>
  );
}

function passes({ from, to, heldBy }: Decision, filter: Filter): boolean {
  return filter === 'all' || (filter === 'resizes' ? from !== to : heldBy !== null);
}
