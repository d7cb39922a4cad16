import { type Paint, plain } from '../text/paint.js';
import { count, duration } from '../text/quantities.js';
import { table } from '../text/table.js';
import { cutTo, fit, widthOf } from '../text/width.js';
import { columnsFor } from './columns.js';
import { detailsOf } from './details.js';
import { chosenIndex, type Link, type TopModel } from './model.js';

export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  readonly paint: Paint;
  /** The clock of this machine, milliseconds since the epoch. */
  readonly now: number;
  readonly url: string;
}

const MARK = 2;

/** The whole picture: as many lines as there are rows at most, none wider than the terminal. */
export function drawn(model: TopModel, canvas: Canvas): string[] {
  const { columns, rows, paint } = canvas;
  const chosen = chosenIndex(model);
  const details = model.hasDetails && model.pools[chosen] ? detailsOf(model.pools[chosen], canvas) : [];
  const room = Math.max(1, rows - 3);
  // The list keeps a third of the room, and what it needs no more than that.
  const listed =
    details.length === 0
      ? room
      : Math.min(model.pools.length, Math.max(1, room - details.length - 1, Math.floor(room / 3)));
  const lines = poolLines(model, chosen, listed, canvas);
  const below = details.length === 0 ? [] : ['', ...details.slice(0, Math.max(0, room - listed - 1))];
  const body = [header(model, canvas), ...lines, ...below].slice(0, Math.max(1, rows - 1));
  const footer = paint('faint', cutTo('q quit  ↑↓ choose  enter details', columns));
  return rows > 1 ? [...body, ...Array.from({ length: rows - 1 - body.length }, () => ''), footer] : body;
}

/** The table alone, once: for what is no terminal. */
export function drawnOnce(model: TopModel, width: number, paint: Paint = plain): string[] {
  return tableOf(model, width, paint);
}

function header({ pools, link }: TopModel, canvas: Canvas): string {
  const { columns, paint, url } = canvas;
  const state = linkInWords(link, canvas.now);
  const left = `dynamic-pool top  ${url}  ${count(pools.length, 'pool')}`;
  if (link.state === 'disconnected') return paint('bad', fit(`${state}  ${left}`, columns));
  const room = columns - widthOf(state) - 2;
  return room < 10 ? paint('strong', fit(left, columns)) : `${paint('strong', fit(left, room))}  ${state}`;
}

function linkInWords(link: Link, now: number): string {
  if (link.state !== 'disconnected') return link.state;
  const { since, why, retryMs } = link;
  return `DISCONNECTED for ${duration(Math.floor(Math.max(0, now - since) / 1_000) * 1_000)}, tries again every ${duration(retryMs)}: ${why}`;
}

function poolLines(model: TopModel, chosen: number, room: number, { columns, paint }: Canvas): string[] {
  if (model.pools.length === 0) return ['', 'There are no pools.'];
  const [titles, ...lines] = tableOf(model, columns - MARK, paint);
  const first = Math.max(0, Math.min(chosen - room + 1, lines.length - room));
  const shown = lines.slice(first, first + room).map((line, offset) => {
    if (first + offset !== chosen || model.chosen === null) return `  ${line}`;
    // Colours within it would end those of the choice.
    return paint('chosen', `› ${tableOf(model, columns - MARK, plain)[chosen + 1]}`);
  });
  return [`  ${titles}`, ...shown];
}

function tableOf({ pools }: TopModel, width: number, paint: Paint): string[] {
  const names = pools.reduce((most, { view }) => Math.max(most, widthOf(view.name)), 0);
  const columns = columnsFor(width, names);
  const rows = pools.map((pool) => columns.map(({ cell }) => cell(pool)));
  return table(columns, rows, { paint, width });
}
