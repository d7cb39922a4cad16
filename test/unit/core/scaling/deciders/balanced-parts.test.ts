import { describe, expect, it } from 'vitest';
import { ArrivalRates } from '../../../../../lib/core/scaling/deciders/balanced/arrival-rates.js';
import { LoadMeter, type LoadEstimate } from '../../../../../lib/core/scaling/deciders/balanced/load-meter.js';
import { MissBudget } from '../../../../../lib/core/scaling/deciders/balanced/miss-budget.js';
import { NeedHistory } from '../../../../../lib/core/scaling/deciders/balanced/need-history.js';
import { isAlarming, isSurprising } from '../../../../../lib/core/scaling/deciders/balanced/queue-surprise.js';
import { loadOf, readingOf } from '../../../../support/readings.js';

describe('the arrival rates of balanced', () => {
  const after = (...told: readonly [seconds: number, rate: number][]) => {
    const rates = new ArrivalRates();
    for (const [seconds, rate] of told) rates.add(seconds, rate);
    return rates;
  };

  it('are unknown, then plain averages, then exponentially weighted ones', () => {
    expect(after()).toMatchObject({ isKnown: false, fast: 0, slow: 0 });
    expect(after([0.25, 20], [0.25, 40])).toMatchObject({ isKnown: true, fast: 30, slow: 30 });
    // After 4 s of 16/s one of 8/s: e^-1 of the fast average is left, and e^-1/4 of the slow one.
    const settled = after([4, 16], [1, 8]);
    expect(settled.fast).toBeCloseTo(8 + 8 * Math.exp(-1), 12);
    expect(settled.slow).toBeCloseTo(8 + 8 * Math.exp(-1 / 4), 12);
  });

  it('follow a jump at once, and noise slowly', () => {
    // A quarter of a second at 200/s: fast 16 + 184 x 0.221 = 56.7, slow 16 + 184 x 0.0606 = 27.1, noise 3 sqrt(13.6) = 11.
    const jumped = after([4, 16], [0.25, 200]);
    expect(jumped.fast).toBeCloseTo(56.7, 1);
    expect(jumped.slow).toBe(jumped.fast);
    // At 60/s: fast 25.7, slow 18.7, noise 3 sqrt(9.3) = 9.2.
    const noisy = after([4, 16], [0.25, 60]);
    expect(noisy.fast).toBeCloseTo(25.7, 1);
    expect(noisy.slow).toBeCloseTo(18.7, 1);
  });

  it('do not take one task after silence for a jump', () => {
    // 4/s for a quarter of a second: fast 0.885, slow 0.242, noise 3 sqrt(0.121) + 0.5 = 1.54.
    const rates = after([4, 0], [0.25, 4]);
    expect(rates.slow).toBeCloseTo(0.242, 3);
  });
});

describe('the miss budget of balanced', () => {
  /** E after a second for each number of late ones, of 1,000 tasks. */
  function shareAfter(late: readonly number[], miss = 0.004): number {
    const budget = new MissBudget(miss);
    let sums = loadOf([]);
    budget.observe(readingOf({ load: sums }), 0);
    for (const [second, count] of late.entries()) {
      sums = { ...sums, started: sums.started + 1_000, late: sums.late + count };
      budget.observe(readingOf({ load: sums }), (second + 1) * 1_000);
    }
    return budget.share;
  }

  const each = (seconds: number, late: number) => Array.from({ length: seconds }, () => late);

  it('starts at 1.5 % and asks for less exactness while nobody is late: twice as much after 139 s', () => {
    expect(shareAfter([])).toBe(0.015);
    expect(shareAfter(each(100, 0))).toBeCloseTo(0.015 * Math.exp(0.5), 12);
    expect(shareAfter(each(139, 0))).toBeCloseTo(0.03, 3);
  });

  it('stays within 0.2 % and 5 %', () => {
    expect(shareAfter(each(1_000, 0))).toBe(0.05);
    expect(shareAfter(each(1_000, 500))).toBe(0.002);
  });

  it('turns down four times as fast as up', () => {
    // All are late: the average is far over the budget after the first second.
    expect(shareAfter(each(50, 1_000))).toBeCloseTo(0.015 * Math.exp(-1), 12);
  });

  it('comes to rest where what it spends is the budget', () => {
    const [before, after] = [shareAfter(each(60, 4)), shareAfter(each(61, 4))];
    expect(Math.abs(after / before - 1)).toBeLessThan(1e-6);
  });

  it('forgets late tasks by the number of starts: e^-1 of their share is left after 3,000', () => {
    // One second with all late: the average is 1 - e^-1/3 = 28 %; n seconds later that times e^-n/3.
    const rate = (seconds: number) => {
      const late = [1_000, ...each(seconds, 0)];
      return Math.log(shareAfter(late) / shareAfter(late.slice(0, -1))) / 0.005;
    };
    const measured = (seconds: number) => 0.28347 * Math.exp(-seconds / 3);
    for (const seconds of [10, 12, 20]) expect(rate(seconds)).toBeCloseTo(1 - measured(seconds) / 0.004, 3);
    expect(rate(5)).toBeCloseTo(-4, 9);
  });

  it('scales with the budget', () => {
    expect(shareAfter([], 0.001)).toBeCloseTo(0.00375, 12);
    expect(shareAfter(each(1_000, 0), 0.001)).toBeCloseTo(0.0125, 12);
    expect(shareAfter(each(1_000, 500), 0.01)).toBeCloseTo(0.005, 12);
  });

  it('stays where it is for a pool that tells of no late tasks, and begins again with a new pool', () => {
    const budget = new MissBudget(0.004);
    for (const now of [0, 1_000, 99_000]) budget.observe(readingOf({ load: undefined }), now);
    expect(budget.share).toBe(0.015);
    budget.observe(readingOf({ load: { ...loadOf([]), started: 1_000, late: 900 } }), 100_000);
    budget.observe(readingOf({ load: loadOf([]) }), 101_000);
    expect(budget.share).toBe(0.015);
    budget.observe(readingOf({ load: loadOf([]) }), 102_000);
    expect(budget.share).toBeCloseTo(0.015 * Math.exp(0.005), 12);
  });
});

describe('the need history of balanced', () => {
  /** The time at which the first workers go, and the size then; needs are given by their time, ticks are 250 ms. */
  function firstRelease(
    target: number,
    needs: Readonly<Record<number, number>>,
    history = new NeedHistory(75, 120_000),
  ) {
    let need = 0;
    for (let now = 0; now <= 400_000; now += 250) {
      history.remember(now, (need = needs[now] ?? need));
      const released = history.releasedSize(now, target);
      if (released) return [now, released.size, released.overMs];
    }
    return null;
  }

  it.each([
    // [spares, seconds]: ten spares wait 7.5 s, one waits 75 s
    [10, 7.5],
    [5, 15],
    [1, 75],
    // 75 / 60 would be 1.25 s
    [60, 4],
  ])('%i spares wait %d s', (spares, seconds) => {
    expect(firstRelease(70, { 0: 70, 1_000: 70 - spares })).toEqual([
      1_000 + seconds * 1_000,
      70 - spares,
      seconds * 1_000,
    ]);
  });

  it('shrinks to the highest need of the window in which the spares have cost enough', () => {
    // From 20 the need falls to 15 at 0 s and to 10 at 10 s: 5 spares are over their 75 s at 15 s, before 10 are at 17.5 s.
    expect(firstRelease(20, { 0: 15, 10_000: 10 })).toEqual([15_000, 15, 15_000]);
    // To 10 at 5 s already: 10 spares for 7.5 s come first, at 12.5 s.
    expect(firstRelease(20, { 0: 15, 5_000: 10 })).toEqual([12_500, 10, 7_500]);
  });

  it('lets nobody go whom it needed meanwhile', () => {
    // One spare, needed for a tick at 50 s: its 75 s begin after that.
    expect(firstRelease(8, { 0: 7, 50_000: 8, 50_250: 7 })).toEqual([125_250, 7, 75_000]);
    expect(firstRelease(8, { 0: 8 })).toBeNull();
  });

  it('looks back no further than its memory', () => {
    expect(firstRelease(8, { 0: 7 }, new NeedHistory(20, 30_000))).toEqual([20_000, 7, 20_000]);
    const history = new NeedHistory(75, 120_000);
    history.remember(0, 9);
    history.remember(120_000, 3);
    // Nine were needed two minutes ago, to the second.
    expect(history.releasedSize(120_000, 9)).toBeNull();
    history.remember(120_250, 3);
    expect(history.releasedSize(120_250, 9)).toBeNull();
    history.remember(132_500, 3);
    expect(history.releasedSize(132_500, 9)).toEqual({ size: 3, overMs: 12_500 });
  });

  it('agrees with a look at every need that was remembered', () => {
    const history = new NeedHistory(75, 120_000);
    const all: [number, number][] = [];
    let state = 7;
    for (let now = 0; now < 500_000; now += 250) {
      state = (state * 48_271) % 2_147_483_647;
      const need = 5 + (state % 6) + (now % 90_000 < 20_000 ? 10 : 0);
      history.remember(now, need);
      all.push([now, need]);
      const target = 12 + (Math.floor(now / 1_000) % 9);
      expect(history.releasedSize(now, target)?.size ?? null).toBe(literally(all, now, target));
    }
  });

  /** The rule, word by word. */
  function literally(needs: readonly [number, number][], now: number, target: number): number | null {
    let highest = 0;
    for (const [at, need] of needs.toReversed()) {
      const window = (now - at) / 1_000;
      if (window > 120) return null;
      highest = Math.max(highest, need);
      if (highest >= target) return null;
      if (window >= 4 && (target - highest) * window >= 75) return highest;
    }
    return null;
  }
});

describe('what balanced makes of a queue', () => {
  const estimate = (part: Partial<LoadEstimate> = {}): LoadEstimate => ({
    rate: 1,
    fastRate: 1,
    serviceMs: 500,
    load: 0.5,
    variation: 1,
    isBursty: false,
    ...part,
  });

  it('is surprised where M/M/1 has a queue that long less than once an hour', () => {
    // r = 0.5, A = 1 x 0.5 x 0.5 = 0.25 a second: 0.25 x 0.5^(Q - 1) is 1 in 2,048 s for 10, and in 4,096 s for 11.
    expect(isSurprising(10, 1, estimate())).toBe(false);
    expect(isSurprising(11, 1, estimate())).toBe(true);
  });

  it('is less easily surprised where service times vary more, up to three times as much', () => {
    // r = 1 - 0.5 / 2 = 0.75, A = 0.125: 0.75^(Q - 1) is below 1 / 450 from 22.2 on.
    expect(isSurprising(22, 1, estimate({ variation: 2 }))).toBe(false);
    expect(isSurprising(23, 1, estimate({ variation: 2 }))).toBe(true);
    const from = (variation: number) => {
      let queue = 2;
      while (!isSurprising(queue, 1, estimate({ variation }))) queue++;
      return queue;
    };
    expect(from(0.5)).toBe(from(1));
    expect(from(50)).toBe(from(3));
    expect(from(3)).toBeGreaterThan(from(2));
  });

  it('expects any queue near saturation, and none without a load', () => {
    expect(isSurprising(1_000, 2, estimate({ load: 1.9 }))).toBe(false);
    expect(isSurprising(2, 2, estimate({ load: 0, rate: 0 }))).toBe(true);
  });

  it('is alarmed by a queue of more than three objectives of work for each worker, half of one in bursts', () => {
    const saturated = { load: 2, serviceMs: 50 };
    // Two workers, 100 ms: 600 ms of work are 12 tasks, 100 ms are two.
    expect(isAlarming(11, 2, estimate(saturated), 100)).toBe(false);
    expect(isAlarming(12, 2, estimate(saturated), 100)).toBe(true);
    expect(isAlarming(1, 2, estimate({ ...saturated, isBursty: true }), 100)).toBe(false);
    expect(isAlarming(2, 2, estimate({ ...saturated, isBursty: true }), 100)).toBe(true);
  });
});

describe('the load meter of balanced', () => {
  /** Readings of a pool, one each second. */
  function metered(readings: readonly Parameters<typeof readingOf>[0][]): LoadEstimate | null {
    const meter = new LoadMeter();
    for (const [second, part] of readings.entries()) meter.observe(readingOf(part), second * 1_000);
    return meter.read();
  }

  const counted = (submitted: number) => ({ submitted, completed: 0, failed: 0 });

  it('knows nothing until a task has ended', () => {
    expect(metered([{ counters: counted(0) }, { counters: counted(20) }])).toBeNull();
  });

  it('tells the load in workers: the rate times the service time', () => {
    const load = loadOf([40, 60]);
    const estimate = metered([
      { counters: counted(0), load },
      { counters: counted(20), load },
    ]);
    // The squared coefficient of variation of 40 and 60 is 100 / 2,500.
    expect(estimate).toMatchObject({ rate: 20, fastRate: 20, serviceMs: 50, load: 1, isBursty: false });
    expect(estimate!.variation).toBeCloseTo((1 + 0.04) / 2, 12);
  });

  it('counts variation up to 8, and dispersion above 1 by three tenths, up to 8', () => {
    const stragglers = loadOf([...Array.from({ length: 99 }, () => 1), 10_000]);
    expect(metered([{ load: stragglers }])!.variation).toBe(4.5);
    const bursts = [0, 0, 200, 200, 400, 400].map((submitted) => ({
      counters: counted(submitted),
      load: loadOf([50, 50]),
    }));
    const estimate = metered(bursts)!;
    expect(estimate.variation).toBeCloseTo(0.5 + (0.3 * 7) / 2, 12);
    expect(estimate.isBursty).toBe(true);
  });

  it('does without counters: what has started and what waits has arrived', () => {
    const load = loadOf([50, 50]);
    const estimate = metered([
      { counters: undefined, load },
      { counters: undefined, load: { ...load, started: 12 }, queueDepth: 20 },
    ]);
    expect(estimate!.rate).toBe(30);
  });

  it('does without any sums: busy workers and the mean service time tell the load', () => {
    const part = { counters: undefined, load: undefined, service: { mean: 20 }, busy: 3 };
    expect(metered([part, part])).toEqual({
      rate: 150,
      fastRate: 150,
      serviceMs: 20,
      load: 3,
      variation: 1,
      isBursty: false,
    });
  });

  it('starts over with a new pool, and ignores a second look at the same instant', () => {
    const load = loadOf([50, 50]);
    const meter = new LoadMeter();
    const look = (now: number, submitted: number) =>
      meter.observe(readingOf({ counters: counted(submitted), load }), now);
    look(0, 1_000);
    look(1_000, 1_010);
    look(1_000, 1_500);
    look(2_000, 0);
    expect(meter.read()!.rate).toBe(10);
    look(3_000, 10);
    expect(meter.read()!.rate).toBeCloseTo(10, 12);
  });
});
