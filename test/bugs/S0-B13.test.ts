import { expect, onTestFinished, test, vi } from 'vitest';
import { createAutoscaler } from '../../lib/entries/create.js';
import { readingOf } from '../support/readings.js';

test('S0-B13: an autoscaler sets one timer, not one for each tick', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const made = [vi.spyOn(globalThis, 'setTimeout'), vi.spyOn(globalThis, 'setInterval')];
  let ticks = 0;
  const decider = { decide: () => ({ target: 4, why: `tick ${++ticks}` }) };

  const autoscaler = createAutoscaler({ snapshot: () => readingOf(), resize() {} }, { policy: { decider } });
  vi.advanceTimersByTime(250 * 10_000);
  expect(ticks).toBe(10_000);
  expect(made.flatMap(({ mock }) => mock.calls)).toHaveLength(1);

  autoscaler.stop();
  expect(vi.getTimerCount()).toBe(0);
});
