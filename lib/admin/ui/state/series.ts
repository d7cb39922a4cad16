import type { PoolHistory, PoolView } from '../../../core/contract/operation.js';

/** The columns of a plot; `null` where nothing is known. All of the same length, oldest first. */
export const COLUMNS = [
  'at',
  'size',
  'target',
  'busy',
  'queueDepth',
  'arrivals',
  'waitP50Ms',
  'waitP99Ms',
  'oldestMs',
] as const;
export type Column = (typeof COLUMNS)[number];
type Row = Record<Exclude<Column, 'at'>, number | null>;

/** Snapshots closer than this share a point. */
const SAME_POINT_MS = 600;
/** Without news for longer than this the lines break off. */
const GAP_MS = 10_000;
/** Points kept: ten minutes at one a second, and some. */
const MOST_POINTS = 660;

/** What is older than the newest by more than this is no late answer: the application's clock was set back. */
export const CLOCK_STEP_MS = 10_000;

const UNKNOWN: Row = {
  size: null,
  target: null,
  busy: null,
  queueDepth: null,
  arrivals: null,
  waitP50Ms: null,
  waitP99Ms: null,
  oldestMs: null,
};

/** The last minutes of one pool, bounded however long the page stays open. */
export class Series {
  #columns = emptyColumns();
  /** When the last point began: snapshots that come thick move its time, not this. */
  #pointAt = -Infinity;
  /** The snapshot before the last point: arrivals are counted from there. */
  #base: { at: number; submitted: number } | null = null;
  #last: { at: number; submitted: number } | null = null;

  get length(): number {
    return this.#columns.at.length;
  }

  column(name: 'at'): readonly number[];
  column(name: Column): readonly (number | null)[];
  column(name: Column): readonly (number | null)[] {
    return this.#columns[name];
  }

  /** What the server kept takes the place of older points. */
  load(history: PoolHistory): void {
    const later = this.#columns;
    const end = history.at.at(-1) ?? 0;
    this.#columns = emptyColumns();
    history.at.forEach((at, i) => {
      this.#breakOff(at);
      this.#push(at, rowOf(history, i));
    });
    later.at.forEach((at, i) => {
      // The first snapshot after the start knows of no arrivals; the next one is a second away.
      if (at <= end || later.arrivals[i] === null) return;
      this.#breakOff(at);
      this.#push(at, rowOf(later, i));
    });
    this.#pointAt = this.#columns.at.at(-1) ?? -Infinity;
    this.#trim();
  }

  add(view: PoolView): void {
    const lastAt = this.#columns.at.at(-1) ?? -Infinity;
    if (view.at < lastAt - CLOCK_STEP_MS) this.#beginAnew();
    else if (view.at < lastAt) return;
    const isSamePoint = view.at - this.#pointAt < SAME_POINT_MS;
    if (!isSamePoint) {
      this.#pointAt = view.at;
      this.#breakOff(view.at);
      this.#base = this.#last;
    }
    this.#last = { at: view.at, submitted: view.counters.submitted };
    const row: Row = {
      size: view.size,
      target: view.target,
      busy: view.busy,
      queueDepth: view.queueDepth,
      arrivals: this.#arrivals(isSamePoint),
      waitP50Ms: view.wait.p50,
      waitP99Ms: view.wait.p99,
      oldestMs: view.wait.oldest,
    };
    if (isSamePoint) for (const column of COLUMNS) this.#columns[column].pop();
    this.#push(view.at, row);
    this.#trim();
  }

  #beginAnew(): void {
    this.#columns = emptyColumns();
    this.#pointAt = -Infinity;
    this.#base = this.#last = null;
  }

  /** Per second since the point before; as it was where that is too short to tell. */
  #arrivals(isSamePoint: boolean): number | null {
    const known = isSamePoint ? (this.#columns.arrivals.at(-1) ?? null) : null;
    if (!this.#base || !this.#last) return known;
    const seconds = (this.#last.at - this.#base.at) / 1000;
    const count = this.#last.submitted - this.#base.submitted;
    // Counts that fall belong to an application that has started anew.
    return seconds < 0.3 || seconds > GAP_MS / 1000 || count < 0 ? known : count / seconds;
  }

  #breakOff(at: number): void {
    const lastAt = this.#columns.at.at(-1);
    if (lastAt !== undefined && at - lastAt > GAP_MS) this.#push(lastAt + 1, UNKNOWN);
  }

  #push(at: number, row: Row): void {
    this.#columns.at.push(at);
    for (const key of Object.keys(UNKNOWN) as (keyof Row)[]) this.#columns[key].push(row[key]);
  }

  #trim(): void {
    const surplus = this.length - MOST_POINTS;
    // In steps, so that moving the rest costs little.
    if (surplus > 60) for (const column of COLUMNS) this.#columns[column].splice(0, surplus);
  }
}

function rowOf(columns: Record<keyof Row, readonly (number | null)[]>, i: number): Row {
  return Object.fromEntries(Object.keys(UNKNOWN).map((key) => [key, columns[key as keyof Row][i] ?? null])) as Row;
}

function emptyColumns(): { at: number[] } & Record<keyof Row, (number | null)[]> {
  return {
    at: [],
    size: [],
    target: [],
    busy: [],
    queueDepth: [],
    arrivals: [],
    waitP50Ms: [],
    waitP99Ms: [],
    oldestMs: [],
  };
}
