import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ewma } from '../../../../lib/core/stats/ewma.js';
import { BUCKETS, bucketMiddle, bucketOf } from '../../../../lib/core/stats/log-histogram.js';
import { SlidingDurations } from '../../../../lib/core/stats/sliding-durations.js';

const NOTHING = { mean: 0, p50: 0, p99: 0, max: 0 };

describe('the log-linear histogram', () => {
  it('puts every duration into a bucket whose middle is at most 6.25 % away', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.008, max: 2_000_000, noNaN: true }), (ms) => {
        const bucket = bucketOf(ms);
        expect(bucket).toBeGreaterThanOrEqual(0);
        expect(bucket).toBeLessThan(BUCKETS);
        // Half a microsecond of rounding comes on top.
        expect(Math.abs(bucketMiddle(bucket) - ms)).toBeLessThanOrEqual(ms * 0.0625 + 0.0005);
      }),
    );
  });

  it('keeps the order of durations', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e7, noNaN: true }),
        fc.double({ min: 0, max: 1e7, noNaN: true }),
        (a, b) => {
          if (a <= b) expect(bucketOf(a)).toBeLessThanOrEqual(bucketOf(b));
        },
      ),
    );
  });

  it.each([
    [0, 0],
    [-5, 0],
    [0.001, 1],
    [0.007, 7],
    [Infinity, BUCKETS - 1],
    [1e12, BUCKETS - 1],
  ])('has a place for %d', (ms, bucket) => {
    expect(bucketOf(ms)).toBe(bucket);
  });
});

describe('sliding durations', () => {
  it('are all zero before anything was recorded', () => {
    expect(new SlidingDurations(1_000).read(12_345)).toEqual(NOTHING);
  });

  it('tell mean, quantiles and maximum', () => {
    const durations = new SlidingDurations(10_000);
    for (let ms = 1; ms <= 100; ms++) durations.record(ms, ms);
    const { mean, p50, p99, max } = durations.read(100);
    expect(mean).toBe(50.5);
    expect(Math.abs(p50 - 50)).toBeLessThanOrEqual(50 * 0.0625);
    expect(Math.abs(p99 - 99)).toBeLessThanOrEqual(99 * 0.0625);
    expect(max).toBe(100);
  });

  it('never tell a quantile above the maximum', () => {
    const durations = new SlidingDurations(10_000);
    durations.record(0, 1_000);
    expect(durations.read(0)).toEqual({ mean: 1_000, p50: expect.any(Number), p99: expect.any(Number), max: 1_000 });
    expect(durations.read(0).p99).toBeLessThanOrEqual(1_000);
  });

  it('forget what is older than the window', () => {
    const durations = new SlidingDurations(1_000);
    durations.record(50, 7);
    // The window moves in tenths.
    expect(durations.read(999).max).toBe(7);
    expect(durations.read(1_000)).toEqual(NOTHING);
    durations.record(1_100, 3);
    expect(durations.read(1_100).max).toBe(3);
  });

  it('forget even when nothing was recorded for many windows', () => {
    const durations = new SlidingDurations(1_000);
    durations.record(0, 7);
    durations.record(1e9, 3);
    expect(durations.read(1e9)).toMatchObject({ mean: 3, max: 3 });
  });

  it('put what comes out of order where it belongs', () => {
    const durations = new SlidingDurations(1_000);
    durations.record(1_100, 3);
    durations.record(950, 7);
    durations.record(1_150, 4);
    expect(durations.read(1_899)).toMatchObject({ max: 7, mean: 14 / 3 });
    expect(durations.read(1_900)).toMatchObject({ max: 4, mean: 3.5 });
  });

  it('do with a window shorter than a millisecond', () => {
    const durations = new SlidingDurations(0.5);
    durations.record(10, 4);
    expect(durations.read(10.2).max).toBe(4);
    expect(durations.read(11)).toEqual(NOTHING);
  });
});

describe('an exponentially weighted moving average', () => {
  it('is 0, then the first value, then moves by alpha', () => {
    const average = new Ewma(0.1);
    expect(average.value).toBe(0);
    average.add(10);
    expect(average.value).toBe(10);
    average.add(20);
    expect(average.value).toBeCloseTo(11);
    average.add(0);
    expect(average.value).toBeCloseTo(9.9);
  });
});
