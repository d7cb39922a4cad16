import { SchedulerRegistry } from '@nestjs/schedule';
import { expect, test, vi } from 'vitest';
import { intervalName, ScheduledTicker } from '../../../lib/nest/scheduled-ticker.js';

test('an interval whose name is taken is not left running', () => {
  vi.useFakeTimers();
  const registry = new SchedulerRegistry();
  const others = setInterval(() => {}, 1_000);
  registry.addInterval(intervalName('images'), others);
  const ticker = new ScheduledTicker('images', registry);
  const tick = vi.fn<() => void>();
  expect(() => ticker.start(250, tick)).toThrow(intervalName('images'));
  vi.advanceTimersByTime(1_000);
  expect(tick).not.toHaveBeenCalled();
  expect(ticker.isRunning).toBe(false);
  ticker.stop();
  expect(registry.getInterval(intervalName('images'))).toBe(others);
  vi.useRealTimers();
});
