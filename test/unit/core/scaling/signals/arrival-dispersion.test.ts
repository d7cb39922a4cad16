import { describe, expect, it } from 'vitest';
import { ArrivalDispersion, dispersionSignal } from '../../../../../lib/core/scaling/signals/arrival-dispersion.js';
import { readingOf, seeded } from '../../../../support/readings.js';

/** Counts of bins of this many seconds, as a running total told at the end of each bin. */
function told(counts: readonly number[], seconds = 1): ArrivalDispersion {
  const dispersion = new ArrivalDispersion();
  let submitted = 0;
  dispersion.add(0, 0);
  counts.forEach((count, bin) => dispersion.add((bin + 1) * seconds * 1_000, (submitted += count)));
  return dispersion;
}

/** Poisson by multiplication (Knuth), for small means. */
function poisson(random: () => number, mean: number): number {
  let [count, product] = [0, random()];
  while (product > Math.exp(-mean)) [count, product] = [count + 1, product * random()];
  return count;
}

describe('the dispersion of arrivals (S1)', () => {
  it('is unknown until two seconds were counted', () => {
    expect(told([]).isKnown).toBe(false);
    expect(told([10]).isKnown).toBe(false);
    expect(told([10, 10]).isKnown).toBe(true);
  });

  it.each<[string, number[], { mean: number; variance: number; index: number; isBursty: boolean }]>([
    ['regular arrivals', [10, 10], { mean: 10, variance: 0, index: 0, isBursty: false }],
    // V = (16 - 4)² / 2 = 72, I = 72 / 10
    ['a jump from 4 to 16', [4, 16], { mean: 16, variance: 72, index: 7.2, isBursty: false }],
    // V = 100² / 2 = 5000, I = 5000 / 50 = 100, cut to 32
    ['a burst out of nothing', [100, 0], { mean: 0, variance: 5_000, index: 32, isBursty: true }],
    // V = 1/2, divided by 1 and not by 1/2
    ['hardly any', [0, 1], { mean: 1, variance: 0.5, index: 0.5, isBursty: false }],
  ])('%s', (_, counts, expected) => {
    const { mean, variance, index, isBursty } = told(counts);
    expect({ mean, variance, index, isBursty }).toEqual(expected);
  });

  it('averages plainly at first', () => {
    const { index, variance } = told([4, 16, 16]);
    expect([variance, index]).toEqual([36, 3.6]);
  });

  it.each([1, 2, 0.25])('is about 1 for Poisson arrivals, read every %d s', (seconds) => {
    const random = seeded(11);
    const dispersion = told(
      Array.from({ length: 8_000 }, () => poisson(random, 20 * seconds)),
      seconds,
    );
    expect(dispersion.index).toBeGreaterThan(0.75);
    expect(dispersion.index).toBeLessThan(1.3);
    expect(dispersion.variance / dispersion.mean).toBeGreaterThan(0.75);
    expect(dispersion.variance / dispersion.mean).toBeLessThan(1.3);
    expect(dispersion.isBursty).toBe(false);
  });

  it('forgets within minutes', () => {
    const bursts = Array.from({ length: 300 }, (_, second) => (second % 2 === 0 ? 200 : 0));
    expect(told(bursts).isBursty).toBe(true);
    expect(told([...bursts, ...Array.from({ length: 900 }, () => 100)]).isBursty).toBe(false);
  });

  it('starts its bins over with a new pool', () => {
    const dispersion = told([10, 10]);
    dispersion.add(3_000, 0);
    dispersion.add(4_000, 10);
    dispersion.add(5_000, 20);
    expect(dispersion.variance).toBe(0);
  });

  it('is a signal: its value is the index', () => {
    const signal = dispersionSignal();
    for (const [second, submitted] of [0, 4, 20].entries()) {
      const counters = { submitted, completed: 0, failed: 0 };
      signal.observe!(readingOf({ counters }), second * 1_000);
      if (second < 2) expect(signal.read(0)).toBeNull();
    }
    expect(signal.read(2_000)).toEqual({ value: 7.2, at: 2_000 });
    signal.observe!(readingOf({ counters: undefined }), 3_000);
    expect(signal.read(3_000)!.at).toBe(2_000);
  });
});
