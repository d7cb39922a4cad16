import type { PoolHistory, PoolView } from '../../core/contract/operation.js';
import type { Decision } from '../../core/scaling/contract.js';
import type { KnownEvent } from '../api/answers.js';
import type { Key } from './keys.js';
import { EMPTY, extended, type Series, seriesOf } from './series.js';

export interface PoolState {
  readonly view: PoolView;
  readonly series: Series;
  readonly decision: Decision | null;
}

/** How it stands with the event stream; `since` by the clock of this machine, milliseconds. */
export type Link =
  | { readonly state: 'connecting' | 'connected' }
  | { readonly state: 'disconnected'; readonly since: number; readonly why: string; readonly retryMs: number };

/** All that `top` shows. Each change makes another; nothing here draws or waits. */
export interface TopModel {
  /** By name. */
  readonly pools: readonly PoolState[];
  /** Name of the chosen pool. */
  readonly chosen: string | null;
  readonly hasDetails: boolean;
  readonly link: Link;
}

/** What there is at the start. `histories`: by the name of the pool, where it was told. */
export function opened(views: readonly PoolView[], histories: ReadonlyMap<string, PoolHistory>): TopModel {
  const pools = views.map((view) => {
    const history = histories.get(view.name);
    return { view, series: extended(history ? seriesOf(history) : EMPTY, view), decision: null };
  });
  return { pools: sorted(pools), chosen: null, hasDetails: false, link: { state: 'connecting' } };
}

/** After an event. */
export function told(model: TopModel, known: KnownEvent): TopModel {
  if (known.event === 'snapshot') {
    const view = known.data;
    const present = model.pools.find(({ view: { name } }) => name === view.name);
    const series = extended(present?.series ?? EMPTY, view);
    const others = model.pools.filter((pool) => pool !== present);
    return { ...model, pools: sorted([...others, { view, series, decision: present?.decision ?? null }]) };
  }
  if (known.event !== 'decision') return model;
  const decision = known.data;
  return {
    ...model,
    pools: model.pools.map((pool) => (pool.view.name === decision.pool ? { ...pool, decision } : pool)),
  };
}

/** After a key. Of `quit` whoever reads the keys takes care. */
export function pressed(model: TopModel, key: Key): TopModel {
  const last = model.pools.length - 1;
  const index = chosenIndex(model);
  const choose = (to: number) => ({
    ...model,
    chosen: model.pools[Math.max(0, Math.min(last, to))]?.view.name ?? null,
  });
  switch (key) {
    case 'up':
      return choose(index - 1);
    case 'down':
      // The first one that is pressed shows where the choice is.
      return choose(model.chosen === null ? 0 : index + 1);
    case 'first':
      return choose(0);
    case 'last':
      return choose(last);
    case 'enter':
      return { ...choose(index), hasDetails: !model.hasDetails };
    case 'back':
      return { ...model, hasDetails: false };
    case 'quit':
      return model;
  }
}

export function chosenIndex({ pools, chosen }: TopModel): number {
  return Math.max(
    0,
    pools.findIndex(({ view }) => view.name === chosen),
  );
}

function sorted(pools: readonly PoolState[]): PoolState[] {
  return [...pools].sort((a, b) => (a.view.name < b.view.name ? -1 : 1));
}
