import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastTime, type NextTimes } from '../../../../../lib/core/scaling/forecasts/next-times.js';

/** Times of a list, and how often it was asked. */
function listed(times: readonly number[]): NextTimes & { calls: number } {
  return {
    calls: 0,
    next(after) {
      this.calls++;
      return times.find((time) => time > after) ?? null;
    },
  };
}

describe('the last of recurring times', () => {
  it('is the latest that is not later than now', () => {
    const second = fc.integer({ min: 1, max: 100_000_000 }).map((n) => n * 1_000);
    fc.assert(
      fc.property(fc.array(second, { maxLength: 30 }), fc.integer({ min: 0, max: 1e11 }), (times, now) => {
        const sorted = times.toSorted((a, b) => a - b);
        expect(lastTime(listed(sorted), now)).toBe(sorted.findLast((time) => time <= now) ?? null);
      }),
    );
  });

  it.each([
    [5_000, 5_000],
    [5_999, 5_000],
    [6_000, 6_000],
    [4_999, null],
  ])('at %i ms of times at 5 s and 6 s: %o', (now, last) => {
    expect(lastTime(listed([5_000, 6_000]), now)).toBe(last);
  });

  it('is found within a hundred questions, however far back it lies', () => {
    const leapDays = listed([Date.UTC(2020, 1, 29), Date.UTC(2024, 1, 29), Date.UTC(2028, 1, 29)]);
    expect(lastTime(leapDays, Date.UTC(2027, 11, 31, 1, 2, 3, 4))).toBe(Date.UTC(2024, 1, 29));
    expect(leapDays.calls).toBeLessThan(100);
  });
});
