import { describe, expect, it } from 'vitest';
import { serviceSignal } from '../../../../../lib/core/scaling/signals/service-signals.js';
import { ServiceWindow } from '../../../../../lib/core/scaling/signals/service-window.js';
import { loadOf, readingOf, seeded, valueAfter } from '../../../../support/readings.js';

const times = (count: number, ms: number) => Array.from({ length: count }, () => ms);

describe('service time over the last completions (S1)', () => {
  it.each<[string, readonly number[], number | null, number | null]>([
    ['nothing was served', [], null, null],
    ['one task has a mean and no variation', [50], 50, null],
    ['equal tasks do not vary', [20, 20, 20, 20], 20, 0],
    ['mean 30, variance 100', [20, 40, 20, 40], 30, 100 / 900],
    ['tasks that take no time have no variation to speak of', [0, 0, 0], 0, null],
  ])('%s', (_, served, mean, scv) => {
    const reading = { load: loadOf(served) };
    expect(valueAfter(serviceSignal('mean'), { 0: reading })).toBe(mean);
    const measured = valueAfter(serviceSignal('scv'), { 0: reading });
    if (scv === null) expect(measured).toBeNull();
    else expect(measured).toBeCloseTo(scv, 10);
  });

  it('forgets the old work within about two hundred tasks', () => {
    const window = new ServiceWindow();
    const served = times(1_000, 10);
    window.add(loadOf(served));
    for (let batch = 0; batch < 22; batch++) {
      served.push(...times(10, 100));
      window.add(loadOf(served));
      expect(window.meanMs).toBeGreaterThan(10);
    }
    expect(window.meanMs).toBe(100);
    expect(window.squaredVariation).toBe(0);
    expect(window.count).toBe(200);
  });

  it('takes all of the time between two readings where more than two hundred were served in it', () => {
    const window = new ServiceWindow();
    window.add(loadOf(times(1_000, 10)));
    window.add(loadOf([...times(1_000, 10), ...times(5_000, 30)]));
    window.add(loadOf([...times(1_000, 10), ...times(10_000, 30)]));
    expect(window.meanMs).toBe(30);
    expect(window.count).toBe(5_000);
  });

  it('starts over with a new pool', () => {
    const window = new ServiceWindow();
    window.add(loadOf(times(500, 10)));
    window.add(loadOf(times(3, 70)));
    expect([window.count, window.meanMs]).toEqual([3, 70]);
  });

  it('tells 1 for exponential service times, by thousands of tasks', () => {
    const random = seeded(7);
    const window = new ServiceWindow(20_000);
    window.add(loadOf(Array.from({ length: 20_000 }, () => -50 * Math.log(1 - random()))));
    expect(window.meanMs).toBeCloseTo(50, -0.5);
    expect(window.squaredVariation).toBeGreaterThan(0.9);
    expect(window.squaredVariation).toBeLessThan(1.1);
  });

  it('is never negative, after a billion tasks either', () => {
    const window = new ServiceWindow();
    const load = (served: number) => ({
      ...loadOf([]),
      served,
      serviceMs: 0.3 * served,
      serviceMsSquared: 0.09 * served,
    });
    window.add(load(1e9));
    window.add(load(1e9 + 200));
    expect(window.squaredVariation).toBeGreaterThanOrEqual(0);
    expect(window.meanMs).toBeCloseTo(0.3, 5);
  });

  it('does not depend on the reading object staying as it was', () => {
    const load = { ...loadOf([]) };
    const signal = serviceSignal('mean');
    for (let served = 100; served <= 400; served += 100) {
      Object.assign(load, { served, serviceMs: served * (served > 100 ? 20 : 10) });
      signal.observe!(readingOf({ load }), served);
    }
    expect(signal.read(400)!.value).toBe((400 * 20 - 200 * 20) / 200);
  });

  it('of an idle pool stays what it was, and fresh', () => {
    const signal = serviceSignal('mean');
    signal.observe!(readingOf({ load: loadOf([5, 15]) }), 0);
    signal.observe!(readingOf({ load: loadOf([5, 15]) }), 600_000);
    expect(signal.read(600_000)).toEqual({ value: 10, at: 600_000 });
  });

  it('of a pool that tells a mean only, is that', () => {
    const reading = { load: undefined, service: { mean: 33 } };
    expect(valueAfter(serviceSignal('mean'), { 0: reading })).toBe(33);
    expect(valueAfter(serviceSignal('scv'), { 0: reading })).toBeNull();
    expect(valueAfter(serviceSignal('mean'), { 0: { load: undefined, service: undefined } })).toBeNull();
  });
});
