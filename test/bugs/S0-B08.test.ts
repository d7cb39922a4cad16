import { expect, onTestFinished, test, vi } from 'vitest';
import type { ResizePort } from '../../lib/core/scaling/contract.js';
import { createAutoscaler } from '../../lib/entries/create.js';
import { readingOf } from '../support/readings.js';

const wants = (target: number) => ({ policy: { decider: { decide: () => ({ target, why: `wants ${target}` }) } } });

test('S0-B08: a pool has one autoscaler: the second, which would fight with it, is refused', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  let target = 4;
  const resizes: string[] = [];
  const port: ResizePort = {
    snapshot: () => readingOf({ name: 'images', target }),
    resize(to) {
      resizes.push(`${target} → ${to}`);
      target = to;
    },
  };
  const refusals: string[] = [];
  const scale = (wish: number) => {
    try {
      const autoscaler = createAutoscaler(port, wants(wish));
      onTestFinished(() => autoscaler.stop());
    } catch (error) {
      refusals.push((error as Error).message);
    }
  };

  scale(8);
  scale(1);
  vi.advanceTimersByTime(5_000);
  expect(resizes).toEqual(['4 → 8']);
  expect(refusals).toEqual([expect.stringMatching(/^pool 'images' has an autoscaler already, and two would fight\./)]);
});
