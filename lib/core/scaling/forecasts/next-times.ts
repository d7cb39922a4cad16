/** When something recurs. Times are milliseconds since the epoch. */
export interface NextTimes {
  /** The first time later than `after`, or `null` if there is none. */
  next(after: number): number | null;
}

/**
 * Reads a cron expression, in an IANA time zone; without one, in that of the process.
 * @throws an error that says what is wrong with the expression or the zone.
 */
export type NextTimesOf = (expression: string, timeZone?: string) => NextTimes;

/** As far back as a past time is looked for: leap days are up to eight years apart. */
const LONGEST_MS = 9 * 366 * 86_400_000;

/**
 * The last time not later than `now`, or `null` if there was none in the last nine years. `times` can only tell what
 * comes next: the span looked at is doubled until something lies within, then halved onto the last of it.
 */
export function lastTime(times: NextTimes, now: number): number | null {
  const follows = (from: number) => {
    const time = times.next(from);
    return time !== null && time <= now ? time : null;
  };
  let span = 60_000;
  let found = follows(now - span);
  while (found === null && span < LONGEST_MS) found = follows(now - (span *= 2));
  if (found === null) return null;
  let beyond = now;
  // `beyond - found` shrinks by half or more each time: times are whole seconds.
  while (beyond - found >= 1_000) {
    const middle = (found + beyond) / 2;
    const later = follows(middle);
    if (later === null) beyond = middle;
    else found = later;
  }
  return found;
}
