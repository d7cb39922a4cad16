import { useState } from 'preact/hooks';
import { plural } from '../format.js';
import { Notice } from '../parts/notice.js';
import type { AppState, PoolEntry } from '../state/app-state.js';
import { PoolCard } from './pool-card.js';

const WORST_FIRST = { down: 0, degraded: 1, up: 2 } as const;
/** With fewer pools a search would only be in the way. */
const SEARCH_FROM = 9;

/** All pools, those that need somebody first. */
export function Overview(props: { state: AppState; now: number }) {
  const [search, setSearch] = useState('');
  const entries = [...props.state.pools.values()].sort(byNeed);
  if (entries.length === 0) {
    return (
      <Notice
        title="No pools"
        text="This application has no pools. They are named in DynamicPoolModule.forRoot({ pools: { … } })."
      />
    );
  }
  const found = entries.filter(({ view }) => view.name.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <>
      <div class="title-row">
        <h1>Pools</h1>
        <Totals entries={entries} />
      </div>
      {entries.length >= SEARCH_FROM && (
        <label class="field search">
          <span>Find a pool</span>
          <input type="search" value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
        </label>
      )}
      <ul class="cards">
        {found.map((entry) => (
          <PoolCard key={entry.view.name} entry={entry} now={props.now} />
        ))}
      </ul>
      {found.length === 0 && <p class="hint">No pool has this in its name.</p>}
    </>
  );
}

function Totals(props: { entries: readonly PoolEntry[] }) {
  const views = props.entries.map(({ view }) => view);
  const sum = (of: (view: PoolEntry['view']) => number) => views.reduce((total, view) => total + of(view), 0);
  const unwell = views.filter(({ health }) => health.status !== 'up').length;
  return (
    <p class="totals" data-field="totals">
      {plural(views.length, 'pool')} · {sum((view) => view.busy)} of{' '}
      {plural(
        sum((view) => view.size),
        'worker',
      )}{' '}
      busy ·{' '}
      {plural(
        sum((view) => view.queueDepth),
        'task',
      )}{' '}
      waiting · {unwell === 0 ? 'all up' : `${unwell} not up`}
    </p>
  );
}

function byNeed(a: PoolEntry, b: PoolEntry): number {
  const need = WORST_FIRST[a.view.health.status] - WORST_FIRST[b.view.health.status];
  return need === 0 ? a.view.name.localeCompare(b.view.name) : need;
}
