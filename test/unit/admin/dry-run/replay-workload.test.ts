import { expect, test } from 'vitest';
import type { ReplayedSample } from '../../../../lib/admin/dry-run/dry-run-job.js';
import { replayWorkload } from '../../../../lib/admin/dry-run/replay-workload.js';

/** A second in which `arrived` tasks came, and as many ended with these service times in turn. */
function second(arrived: number, times: readonly number[] = [], failed = 0): ReplayedSample {
  const served = times.length;
  const serviceMs = times.reduce((sum, time) => sum + time, 0);
  const serviceMsSquared = times.reduce((sum, time) => sum + time * time, 0);
  return { spanMs: 1_000, arrived, finished: served, failed, served, serviceMs, serviceMsSquared };
}

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

test('as many tasks come in each second as were recorded, in order', () => {
  const { arrivals, durationMs, services } = replayWorkload([second(3), second(0), second(5)]);
  expect([arrivals.length, services.length, durationMs]).toEqual([8, 8, 3_000]);
  expect([...arrivals].map((at) => Math.floor(at / 1_000))).toEqual([0, 0, 0, 2, 2, 2, 2, 2]);
  expect([...arrivals]).toEqual([...arrivals].sort((a, b) => a - b));
});

test('service times have the recorded mean and spread', () => {
  const { services } = replayWorkload([second(40_000, [10, 30])]);
  expect(mean(services)).toBeCloseTo(20, 0);
  expect(mean(services.map((time) => time * time)) / 400 - 1).toBeCloseTo(0.25, 1);
});

test('constant service times stay constant', () => {
  const { services } = replayWorkload([second(100, [5, 5, 5])]);
  expect(Math.max(...services.map((time) => Math.abs(time - 5)))).toBeLessThan(1e-6);
});

test('where no task ended, those before it tell how long tasks take; at the start, those after it', () => {
  const { services } = replayWorkload([second(1), second(1, [7]), second(1), second(1, [9]), second(1)]);
  expect([...services].map(Math.round)).toEqual([7, 7, 7, 9, 9]);
});

test('tasks fail as often as was recorded', () => {
  const { failures } = replayWorkload([second(10_000, [1, 1, 1, 1], 1), second(1_000, [1, 1])]);
  expect(mean(failures!.subarray(0, 10_000))).toBeCloseTo(0.25, 1);
  expect(mean(failures!.subarray(10_000))).toBe(0);
});

test('the same recording gives the same workload, and an empty one an empty one', () => {
  const samples = [second(50, [3, 4, 9]), second(20)];
  expect(replayWorkload(samples)).toEqual(replayWorkload(samples));
  expect(replayWorkload([second(0)]).arrivals).toHaveLength(0);
});
