import { describe, expect, it } from 'vitest';
import { cronTimes } from '../../../../../lib/adapters/cron.js';
import type { NextTimesOf } from '../../../../../lib/core/scaling/forecasts/next-times.js';
import { forecast } from '../../../../support/build.js';

/** S1 T18: 50 workers from 09:00, 5 from 18:00. */
const COURSE = {
  type: 'schedule',
  timeZone: 'Europe/Berlin',
  entries: [
    { cron: '0 9 * * *', workers: 50 },
    { cron: '0 18 * * *', workers: 5 },
  ],
};

const build = (spec: unknown, cron: NextTimesOf = cronTimes) => forecast(spec, { cron });
const at = (text: string) => Date.parse(text);

describe('the schedule forecast (D9, S1 T18)', () => {
  it.each([
    // Berlin is two hours ahead of UTC in summer, one in winter.
    ['2026-07-01T06:59:59Z', 5],
    ['2026-07-01T07:00:00Z', 50],
    ['2026-07-01T15:59:59Z', 50],
    ['2026-07-01T16:00:00Z', 5],
    ['2026-07-01T23:00:00Z', 5],
    ['2026-01-15T07:30:00Z', 5],
    ['2026-01-15T08:00:00Z', 50],
  ])('predicts at %s, asked for the first time, %i', (time, workers) => {
    expect(build(COURSE).predict(at(time))).toBe(workers);
  });

  it('follows the clock through a day, and asks for the next time only when one has come', () => {
    let calls = 0;
    const counted: NextTimesOf = (expression, zone) => {
      const times = cronTimes(expression, zone);
      return { next: (after) => (calls++, times.next(after)) };
    };
    const built = build(COURSE, counted);
    const start = at('2026-07-01T00:00:00Z');
    built.predict(start);
    calls = 0;
    const changes: string[] = [];
    let last = built.predict(start);
    for (let now = start; now < start + 86_400_000; now += 60_000) {
      const workers = built.predict(now);
      if (workers !== last) changes.push(`${new Date(now).toISOString().slice(11, 16)} ${workers}`);
      last = workers;
    }
    expect(changes).toEqual(['07:00 50', '16:00 5']);
    expect(calls).toBe(2);
  });

  it('keeps its place when the clock is set back or jumps', () => {
    const built = build(COURSE);
    expect(built.predict(at('2026-07-01T07:30:00Z'))).toBe(50);
    expect(built.predict(at('2026-07-01T06:30:00Z'))).toBe(5);
    expect(built.predict(at('2026-07-01T07:00:00Z'))).toBe(50);
    expect(built.predict(at('2026-07-09T16:30:00Z'))).toBe(5);
    expect(built.predict(at('2026-07-10T07:30:00Z'))).toBe(50);
  });

  it('starts workers ahead where they take time to boot', () => {
    const built = build({ ...COURSE, leadMs: 60_000 });
    expect(built.predict(at('2026-07-01T06:58:59Z'))).toBe(5);
    expect(built.predict(at('2026-07-01T06:59:00Z'))).toBe(50);
  });

  it('goes by the time of day, whatever clock the autoscaler has', () => {
    const started = at('2026-07-01T06:59:00Z');
    const built = forecast(COURSE, { cron: cronTimes, epochOf: (now) => started + now });
    expect([built.predict(0), built.predict(59_999), built.predict(60_000)]).toEqual([5, 5, 50]);
  });

  it('predicts nothing before the first of its times', () => {
    const once = { cron: '2026-07-01T12:00:00', workers: 9, timeZone: 'UTC' };
    const built = build({ type: 'schedule', entries: [once] });
    expect(built.predict(at('2026-07-01T11:59:59Z'))).toBeNull();
    expect(built.predict(at('2026-07-01T12:00:00Z'))).toBe(9);
    expect(built.predict(at('2026-07-03T12:00:00Z'))).toBe(9);
  });

  it('takes the larger of two that begin together', () => {
    const entries = [
      { cron: '0 9 * * *', workers: 8 },
      { cron: '0 9 * * 1', workers: 20 },
      { cron: '0 9 * * *', workers: 10 },
    ];
    const built = build({ type: 'schedule', timeZone: 'UTC', entries });
    // The 29th of June 2026 is a Monday.
    expect(built.predict(at('2026-06-29T10:00:00Z'))).toBe(20);
    expect(built.predict(at('2026-06-30T10:00:00Z'))).toBe(10);
  });

  it('lets an entry have a time zone of its own', () => {
    const entries = [{ cron: '0 9 * * *', workers: 8, timeZone: 'America/New_York' }, COURSE.entries[1]];
    const built = build({ ...COURSE, entries });
    expect(built.predict(at('2026-07-01T12:59:59Z'))).toBe(5);
    expect(built.predict(at('2026-07-01T13:00:00Z'))).toBe(8);
  });
});

describe('the schedule forecast refuses', () => {
  it.each([
    ['an impossible day', { cron: '0 0 31 2 *', workers: 5 }, /cron is "0 0 31 2 \*", but no such time ever comes/],
    [
      'an impossible minute',
      { cron: '61 * * * *', workers: 5 },
      /cron is "61 \* \* \* \*", which cannot be read: .*minute/,
    ],
    ['what is no expression', { cron: 'at nine', workers: 5 }, /cron is "at nine", which cannot be read/],
    ['an empty expression', { cron: '', workers: 5 }, /cron is "", which cannot be read/],
    ['a number', { cron: 9, workers: 5 }, /entries\[0\]\.cron is 9, but must be a cron expression/],
    ['an unknown zone', { cron: '0 9 * * *', workers: 5, timeZone: 'Mars/Base' }, /which cannot be read: .*Mars\/Base/],
    [
      'a zone that is no name',
      { cron: '0 9 * * *', workers: 5, timeZone: 2 },
      /timeZone is 2, but must be the IANA name/,
    ],
    ['no workers', { cron: '0 9 * * *' }, /entries\[0\]\.workers is undefined, but must be a whole number from 1/],
    ['zero workers', { cron: '0 9 * * *', workers: 0 }, /entries\[0\]\.workers is 0/],
    ['an option misspelt', { cron: '0 9 * * *', worker: 5 }, /no option "worker"\. Did you mean 'workers'\?/],
  ])('%s', (_what, entry, message) => {
    expect(() => build({ type: 'schedule', timeZone: 'UTC', entries: [entry] })).toThrow(message);
  });

  it('a schedule without entries, a negative lead, or without a reader of expressions', () => {
    expect(() => build({ type: 'schedule', entries: [] })).toThrow(
      /entries is an array, but must be a list with at least/,
    );
    expect(() => build({ ...COURSE, leadMs: -1 })).toThrow(/forecast\.leadMs is -1/);
    expect(() => forecast(COURSE)).toThrow(
      /entries\[0\]\.cron is "0 9 \* \* \*", but must be left out: nothing that reads/,
    );
  });
});
