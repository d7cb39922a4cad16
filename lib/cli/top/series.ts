import type { PoolHistory, PoolView } from '../../core/contract/operation.js';

/** Seconds that are kept: no terminal shows more. */
const KEPT = 300;
/** Snapshots come once a second; those in between, after a change, are no step of their own. */
const STEP_MS = 900;

/** What a pool was, second by second: oldest first, `null` for seconds of which nothing is known. */
export interface Series {
  /** Tasks that came, per second. */
  readonly load: ReadonlyArray<number | null>;
  readonly size: ReadonlyArray<number | null>;
  /** The snapshot that the last step ended with: its time, and the tasks that had come. */
  readonly at: number | null;
  readonly submitted: number;
}

export const EMPTY: Series = { load: [], size: [], at: null, submitted: 0 };

/** From what the application has recorded. */
export function seriesOf(history: PoolHistory): Series {
  return { ...EMPTY, load: kept(history.arrivals), size: kept(history.size) };
}

/** With one more snapshot. */
export function extended(series: Series, { at, size, counters }: PoolView): Series {
  const { submitted } = counters;
  if (series.at === null) return { ...series, size: series.size.length > 0 ? series.size : [size], at, submitted };
  const passed = at - series.at;
  if (passed >= 0 && passed < STEP_MS) return series;
  // The clock was set back, or the application has started anew: its counts began again.
  const isOther = passed < 0 || submitted < series.submitted;
  const load = isOther ? null : ((submitted - series.submitted) * 1_000) / passed;
  const blanks: null[] = Array.from(
    { length: Math.min(KEPT, Math.max(0, Math.round(passed / 1_000) - 1)) },
    () => null,
  );
  return {
    load: kept([...series.load, ...blanks, load]),
    size: kept([...series.size, ...blanks, size]),
    at,
    submitted,
  };
}

function kept<T>(values: readonly T[]): readonly T[] {
  return values.slice(-KEPT);
}
