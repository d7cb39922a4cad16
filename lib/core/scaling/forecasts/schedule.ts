import { PoolConfigError } from '../../errors.js';
import type { Forecast } from '../contract.js';
import { SpecReader } from '../spec-reader.js';
import { lastTime, type NextTimes } from './next-times.js';

/**
 * Sizes by the time of day: at each of the times the pool is to have that many workers, until the next of the times.
 * Before the first of them nothing is predicted; what has begun before the start counts. D9; S1 T18.
 */
export interface ScheduleSpec {
  readonly type: 'schedule';
  readonly entries: readonly ScheduleEntry[];
  /** IANA name, for entries that have none. Default: the time zone of the process. */
  readonly timeZone?: string;
  /** How long before each time the workers are started: as long as they take to boot. Default 0. */
  readonly leadMs?: number;
}

export interface ScheduleEntry {
  /** A cron expression: minute, hour, day, month, day of the week, and optionally seconds before them. */
  readonly cron: string;
  readonly workers: number;
  /** IANA name, as in `Europe/Paris`. */
  readonly timeZone?: string;
}

interface Entry {
  readonly times: NextTimes;
  readonly workers: number;
  /** The last time that has come, and the one after it; `undefined` before the first look. */
  last: number | null;
  next: number | null | undefined;
}

export function schedule(read: SpecReader): Forecast {
  read.only(['entries', 'timeZone', 'leadMs']);
  const entries = read.list('entries').map((entry, index) => checkedEntry(read, entry, index));
  const leadMs = read.has('leadMs') ? read.durationMs('leadMs') : 0;
  const epochOf = read.context.epochOf ?? ((now: number) => now);
  return {
    predict(now) {
      const time = epochOf(now) + leadMs;
      let latest: Entry | null = null;
      for (const entry of entries) {
        advance(entry, time);
        if (entry.last !== null && (latest === null || isLater(entry, latest))) latest = entry;
      }
      return latest?.workers ?? null;
    },
  };
}

/** Of two that begin at the same time the larger counts. */
function isLater(a: Entry, b: Entry): boolean {
  const [left, right] = [a.last ?? -Infinity, b.last ?? -Infinity];
  return left > right || (left === right && a.workers > b.workers);
}

/** Follows the clock from one time to the next; at first, and where it jumped or was set back, looks for its place. */
function advance(entry: Entry, time: number): void {
  const { next, times } = entry;
  const isPlaced = next !== undefined && (entry.last === null || entry.last <= time);
  if (isPlaced && (next === null || next > time)) return;
  const following = isPlaced && next !== null ? times.next(next) : undefined;
  const isOneStep = following !== undefined && (following === null || following > time);
  entry.last = isOneStep && isPlaced ? next : lastTime(times, time);
  entry.next = isOneStep ? following : times.next(time);
}

function checkedEntry(read: SpecReader, value: unknown, index: number): Entry {
  const entry = new SpecReader(value, read.at(`entries[${index}]`), read.context);
  entry.only(['cron', 'workers', 'timeZone']);
  const [cron, timeZone] = [entry.raw('cron'), entry.raw('timeZone') ?? read.raw('timeZone')];
  if (typeof cron !== 'string') throw entry.refusal('cron', 'a cron expression');
  if (timeZone !== undefined && typeof timeZone !== 'string') {
    throw entry.refusal('timeZone', "the IANA name of a time zone, as in 'Europe/Paris'");
  }
  const { cron: timesOf } = read.context;
  if (timesOf === undefined) throw entry.refusal('cron', 'left out: nothing that reads cron expressions was given');
  const times = parsed(entry, () => timesOf(cron, timeZone));
  return { times, workers: entry.workers('workers'), last: null, next: undefined };
}

/** Refuses expressions that cannot be read, and those for which the time never comes, as the 31st of February. */
function parsed(entry: SpecReader, parse: () => NextTimes): NextTimes {
  const { pool, option } = entry.at('cron');
  const prefix = `${pool === undefined ? '' : `pool '${pool}': `}${option} is ${JSON.stringify(entry.raw('cron'))}, `;
  let times: NextTimes;
  let first: number | null;
  try {
    times = parse();
    // The epoch will do: what recurs does so from any time on.
    first = times.next(0);
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    throw new PoolConfigError(`${prefix}which cannot be read: ${told}`, { pool, cause: error });
  }
  if (first !== null) return times;
  throw new PoolConfigError(`${prefix}but no such time ever comes.`, { pool });
}
