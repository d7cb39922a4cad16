import { describe, expect, it } from 'vitest';
import { median, percentile, round } from '../../../bench/figures.js';

describe('the figures of the benchmarks', () => {
  it.each([
    [[3], 3],
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 1], 9],
  ])('the median of %j is %d', (values, middle) => {
    expect(median(values)).toBe(middle);
  });

  it('a percentile lies between its neighbours', () => {
    const values = Array.from({ length: 101 }, (_, at) => 100 - at);
    expect(percentile(values, 0)).toBe(0);
    expect(percentile(values, 0.99)).toBe(99);
    expect(percentile([0, 10], 0.25)).toBe(2.5);
    expect(percentile(values, 1)).toBe(100);
  });

  it('nothing has no median', () => {
    expect(median([])).toBeNaN();
  });

  it('rounds to so many digits', () => {
    expect(round(1.2345, 2)).toBe(1.23);
    expect(round(1.6, 0)).toBe(2);
  });
});
