import type { QuarantineEntry, QuarantineReleaseResult, QuarantineView } from '../../core/contract/operation.js';
import type { Paint } from '../text/paint.js';
import { ago, clockTime, count, quantity } from '../text/quantities.js';
import { shellWord } from '../text/shell-word.js';
import { type Column, table } from '../text/table.js';

const COLUMNS: readonly Column[] = [
  { title: 'ID', align: 'right' },
  { title: 'TASK' },
  { title: 'CRASHES', align: 'right' },
  { title: 'SINCE' },
  { title: 'LAST EXIT' },
];

/** The tasks in quarantine, a line for each. */
export function quarantined({ pool, at, total, entries }: QuarantineView, paint: Paint): string {
  if (total === 0) return `${pool}: nothing is in quarantine.\n`;
  const way = `Let one run again with: dynamic-pool quarantine --release ID ${shellWord(pool)}\n`;
  return `${lines(pool, entries, at, paint)}${rest(total - entries.length)}\n${way}`;
}

export function releasedFromQuarantine(result: QuarantineReleaseResult, paint: Paint): string {
  const { pool, at, count: amount, released, left } = result;
  const still = left === 0 ? 'nothing is in quarantine any more' : `${quantity(left)} still in quarantine`;
  if (amount === 0) return `${pool}: nothing was in quarantine.\n`;
  const head = `${pool}: ${count(amount, 'task')} released; ${still}.\n\n`;
  return `${head}${lines(pool, released, at, paint)}${rest(amount - released.length)}`;
}

function lines(pool: string, entries: readonly QuarantineEntry[], at: number, paint: Paint): string {
  const where = `pool '${pool}': `;
  const rows = entries.map(({ id, task, crashes, since, error }) => [
    String(id), // as it is to be typed
    task,
    quantity(crashes),
    `${clockTime(since, at)}, ${ago(since, at)}`,
    error.startsWith(where) ? error.slice(where.length) : error,
  ]);
  return `${table(COLUMNS, rows, { paint }).join('\n')}\n`;
}

function rest(left: number): string {
  return left > 0 ? `and ${quantity(left)} more\n` : '';
}
