import type { PoolView } from '../../core/contract/operation.js';
import type { Cell, Column } from '../text/table.js';
import { duration, quantity } from '../text/quantities.js';
import { toneOfHealth, toneOfState, toneOfWait } from '../words/pool-rows.js';
import type { PoolState } from './model.js';
import { sparkline } from './sparkline.js';

interface TopColumn extends Column {
  /** Cells that it takes at least. */
  readonly needs: number;
  /** Those with a high rank go first where a terminal is narrow. */
  readonly rank: number;
  cell(pool: PoolState): Cell;
}

const GAP = 2;

/** The columns that fit into so many cells, the sparklines as wide as what is left allows. `names`: cells of the longest name. */
export function columnsFor(width: number, names: number): TopColumn[] {
  const all = [
    ...figures(Math.min(24, Math.max(8, names))),
    spark('LOAD/s', 'load', 0, 2),
    spark('SIZE', 'size', 0, 1),
  ];
  const total = (columns: readonly TopColumn[]) => columns.reduce((sum, { needs }) => sum + needs + GAP, -GAP);
  let chosen: TopColumn[] = all;
  while (total(chosen) > width && chosen.length > 1) {
    const first = Math.max(...chosen.map(({ rank }) => rank));
    chosen = chosen.filter(({ rank }) => rank !== first);
  }
  const sparks = chosen.filter(({ title }) => title === 'LOAD/s' || title === 'SIZE').length;
  const more = Math.min(52, Math.floor((width - total(chosen)) / Math.max(1, sparks)));
  return chosen.map((column) => {
    if (column.title === 'LOAD/s') return spark('LOAD/s', 'load', more, column.rank);
    return column.title === 'SIZE' ? spark('SIZE', 'size', more, column.rank) : column;
  });
}

function figures(names: number): TopColumn[] {
  const right = { align: 'right' as const };
  return [
    { title: 'POOL', needs: names, rank: 0, shrinks: true, cell: ({ view }) => view.name },
    { title: 'STATE', needs: 8, rank: 5, cell: ({ view }) => ({ text: view.state, tone: toneOfState(view) }) },
    {
      title: 'HEALTH',
      needs: 8,
      rank: 6,
      cell: ({ view: { health } }) => ({ text: health.status, tone: toneOfHealth(health.status) }),
    },
    { title: 'BUSY', needs: 5, rank: 4, ...right, cell: ({ view }) => quantity(view.busy) },
    { title: 'QUEUE', needs: 6, rank: 3, ...right, cell: ({ view }) => quantity(view.queueDepth) },
    {
      title: 'P99',
      needs: 6,
      rank: 7,
      ...right,
      cell: ({ view }) => ({ text: duration(view.wait.p99), tone: toneOfWait(view) }),
    },
  ];
}

/** A figure and its course. */
function spark(title: string, of: 'load' | 'size', more: number, rank: number): TopColumn {
  const figure = of === 'load' ? 6 : 9;
  const width = 8 + Math.max(0, more);
  return {
    title,
    needs: figure + 1 + width,
    rank,
    cell({ view, series }) {
      const most = of === 'size' ? view.max : 0;
      const told = of === 'size' ? sizeTold(view) : rate(series.load);
      return `${told.padEnd(figure)} ${sparkline(series[of], width, most)}`;
    },
  };
}

/** `4/8`, or `3>4/8` while it is on its way; a star where somebody pinned it. */
function sizeTold({ size, target, max, override }: PoolView): string {
  const way = size === target ? quantity(size) : `${quantity(size)}>${quantity(target)}`;
  return `${way}/${quantity(max)}${override === null ? '' : '*'}`;
}

function rate(load: ReadonlyArray<number | null>): string {
  return quantity(load.at(-1) ?? null);
}
