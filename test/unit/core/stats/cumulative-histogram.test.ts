import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BOUNDS_MS, CumulativeHistogram } from '../../../../lib/core/stats/cumulative-histogram.js';
import { BUCKETS, bucketLow, bucketOf } from '../../../../lib/core/stats/log-histogram.js';

/** How many are up to each bound, counted one by one. */
function counted(durations: readonly number[]): number[] {
  return BOUNDS_MS.map((bound) => durations.filter((ms) => ms <= bound).length);
}

function recorded(durations: readonly number[]) {
  const histogram = new CumulativeHistogram();
  for (const ms of durations) histogram.record(ms);
  return histogram.read();
}

describe('a cumulative histogram (O1)', () => {
  it('is empty at first', () => {
    expect(recorded([])).toEqual({ boundsMs: BOUNDS_MS, counts: BOUNDS_MS.map(() => 0), count: 0, sumMs: 0 });
  });

  it('counts any durations exactly as comparing each with each bound would', () => {
    const durations = fc.array(
      fc.oneof(
        fc.double({ min: 0, max: 100_000, noNaN: true }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        fc.constantFrom(...BOUNDS_MS),
      ),
    );
    fc.assert(
      fc.property(durations, (all) => {
        const { counts, count, sumMs } = recorded(all);
        expect(counts).toEqual(counted(all));
        expect(count).toBe(all.length);
        expect(sumMs).toBeCloseTo(
          all.reduce((sum, ms) => sum + ms, 0),
          3,
        );
      }),
      { numRuns: 500 },
    );
  });

  it.each(BOUNDS_MS)('%d ms is within its bound, and the next larger number is not', (bound) => {
    const above = bound * (1 + Number.EPSILON);
    expect(above).toBeGreaterThan(bound);
    const place = BOUNDS_MS.indexOf(bound);
    expect([recorded([bound]).counts[place], recorded([above]).counts[place]]).toEqual([1, 0]);
    expect(recorded([bound * (1 - Number.EPSILON)]).counts[place]).toBe(1);
  });

  it('holds what is longer than any bound in its count only, and what is below zero as zero', () => {
    const { counts, count, sumMs } = recorded([30_001, 1e12, -0.5]);
    expect({ counts, count, sumMs }).toEqual({ counts: BOUNDS_MS.map(() => 1), count: 3, sumMs: 1e12 + 30_001 });
  });

  it('rests on this: no bucket of the log-linear histogram holds more than one bound', () => {
    expect(new Set(BOUNDS_MS.map(bucketOf)).size).toBe(BOUNDS_MS.length);
    for (let bucket = 0; bucket < BUCKETS; bucket++) expect(bucketOf(bucketLow(bucket) + 1e-7)).toBe(bucket);
  });
});
