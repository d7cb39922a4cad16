import { describe, expect, it } from 'vitest';
import {
  age,
  count,
  duration,
  figure,
  moment,
  percent,
  plural,
  rate,
  timeOfDay,
} from '../../../../lib/admin/ui/format.js';

describe('figures on the page', () => {
  it.each([
    [0, '0 ms'],
    [0.42, '0.4 ms'],
    [38.4, '38 ms'],
    [999.4, '999 ms'],
    [999.6, '1 s'],
    [1_240, '1.2 s'],
    [59_960, '1 min'],
    [200_000, '3 min 20 s'],
  ])('writes a duration of %d ms as %s', (ms, text) => expect(duration(ms)).toBe(text));

  it.each([
    [-5, '0 s'],
    [12_400, '12 s'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [90_000_000, '1 d 1 h'],
  ])('writes an age of %d ms as %s', (ms, text) => expect(age(ms)).toBe(text));

  it.each([
    [0, '0 %'],
    [0.0002, '< 0.1 %'],
    [0.004, '0.4 %'],
    [0.625, '63 %'],
    [1, '100 %'],
  ])('writes a share of %d as %s', (share, text) => expect(percent(share)).toBe(text));

  it('writes the first hour of a day as 00', () => {
    const midnight = new Date(2026, 0, 2, 0, 5, 9).getTime();
    expect(timeOfDay(midnight)).toBe('00:05:09');
    expect(moment(midnight, midnight)).toBe('00:05');
    expect(moment(midnight, midnight + 86_400_000)).toContain('00:05');
  });

  it('writes counts, rates and signals so that they can be compared', () => {
    expect(count(12_345)).toBe('12,345');
    expect(rate(3.44)).toBe('3.4');
    expect(rate(123.4)).toBe('123');
    expect(figure(40.25)).toBe('40.25');
    expect(figure(0.000_123_456)).toBe('0.0001235');
    expect(plural(1, 'pool')).toBe('1 pool');
    expect(plural(2, 'pool')).toBe('2 pools');
  });
});
