import { describe, expect, it } from 'vitest';
import { readDurationMs, readSpanMs } from '../../../../lib/cli/read-values.js';
import { ago, clockTime, count, duration, left, percent, quantity } from '../../../../lib/cli/text/quantities.js';
import { NOON } from '../../../support/pool-views.js';

describe('durations (O4)', () => {
  it.each([
    [0, '0ms'],
    [0.04, '0ms'],
    [1.54, '1.5ms'],
    [500, '500ms'],
    [999.9, '1s'],
    [2_540, '2.5s'],
    [42_000, '42s'],
    [59_900, '1m'],
    [60_000, '1m'],
    [90_000, '1m30s'],
    [600_000, '10m'],
    [5_400_000, '1h30m'],
    [180_000_000, '50h'],
    [-90_000, '-1m30s'],
    [NaN, '–'],
  ])('%d ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it.each([500, 2_500, 42_000, 90_000, 600_000, 5_400_000])('%d ms is read as it is written', (ms) => {
    expect(readSpanMs({ for: duration(ms) }, 'for')).toBe(ms);
  });

  it('say what is left in full seconds, so that ten minutes begin as ten minutes', () => {
    expect([left(NOON + 600_000, NOON + 12), left(NOON + 600_000, NOON + 599_999), left(NOON, NOON + 5)]).toEqual([
      '10m',
      '1s',
      '0ms',
    ]);
  });

  it.each([
    ['1h30m', 5_400_000],
    ['1m500ms', 60_500],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['50', 50],
  ])('reads %s', (text, ms) => {
    expect(readDurationMs({ for: text }, 'for')).toBe(ms);
  });

  it.each(['', 'm', '30m1h', '1m1m', '5sec', '-5s', '1e3s', '1h 30m', '10m '])('refuses %j', (text) => {
    expect(() => readSpanMs({ for: text }, 'for')).toThrow(/--for is '.*', but must be a duration/);
    expect(() => readDurationMs({ for: text }, 'for')).toThrow(/--for is '.*', but must be a duration/);
  });
});

describe('numbers (O4)', () => {
  it('come with as many digits as tell something', () => {
    expect([0, 4.237, 0.25, 41, 99.96, 12_345.6].map(quantity)).toEqual(['0', '4.24', '0.25', '41', '100', '12,346']);
    expect([quantity(null), quantity(NaN), percent(0.123), count(1, 'task'), count(2, 'task')]).toEqual([
      '–',
      '–',
      '12.3 %',
      '1 task',
      '2 tasks',
    ]);
  });

  it('times of day name the day where it is another', () => {
    expect(clockTime(NOON, NOON + 1_000)).toBe('12:00:00');
    expect(clockTime(NOON, NOON + 86_400_000)).toBe('2026-05-04 12:00:00');
    expect([ago(NOON, NOON + 999), ago(NOON, NOON + 62_900)]).toEqual(['just now', '1m2s ago']);
  });
});
