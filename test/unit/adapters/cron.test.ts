import { describe, expect, it } from 'vitest';
import { cronTimes } from '../../../lib/adapters/cron.js';

const next = (expression: string, after: string, zone?: string) => {
  const time = cronTimes(expression, zone).next(Date.parse(after));
  return time === null ? null : new Date(time).toISOString();
};

describe('cron expressions (D9)', () => {
  it.each([
    ['0 9 * * 1-5', 'UTC', '2026-07-03T09:00:00Z', '2026-07-06T09:00:00.000Z'],
    ['*/15 * * * *', 'UTC', '2026-07-03T09:14:59Z', '2026-07-03T09:15:00.000Z'],
    ['30 0 9 * * *', 'UTC', '2026-07-03T08:00:00Z', '2026-07-03T09:00:30.000Z'],
    ['@daily', 'Asia/Tokyo', '2026-07-03T00:00:00Z', '2026-07-03T15:00:00.000Z'],
    ['0 0 29 2 *', 'UTC', '2026-07-03T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    // The night of the 29th of March 2026 has no 02:30 in Berlin: it comes when the hour is over.
    ['30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-29T01:00:00.000Z'],
    ['0 9 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-29T07:00:00.000Z'],
    ['0 9 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', '2026-10-25T08:00:00.000Z'],
  ])('%s in %s after %s: %s', (expression, zone, after, expected) => {
    expect(next(expression, after, zone)).toBe(expected);
  });

  it('tell times later than the one asked for, never that time itself', () => {
    expect(next('0 9 * * *', '2026-07-03T09:00:00Z', 'UTC')).toBe('2026-07-04T09:00:00.000Z');
    expect(next('0 9 * * *', '2026-07-03T08:59:59.999Z', 'UTC')).toBe('2026-07-03T09:00:00.000Z');
  });

  it('end where no time follows', () => {
    expect(next('0 0 31 2 *', '2026-07-03T00:00:00Z')).toBeNull();
  });
});
