import { describe, expect, it } from 'vitest';
import type { PoolReading, Signal } from '../../../../../lib/core/scaling/contract.js';
import {
  queueDepthSignal,
  utilizationSignal,
  waitSignal,
} from '../../../../../lib/core/scaling/signals/reading-signals.js';
import { loopDelaySignal, loopUtilizationSignal } from '../../../../../lib/core/scaling/signals/worker-loop-signals.js';
import { readingOf, valueAfter } from '../../../../support/readings.js';

const wait = { mean: 12, p50: 8, p99: 90, oldest: 30 };
const stuck = { mean: 0, p50: 0, p99: 0, oldest: 9_000 };
const thread = (elu: number, loopDelayMs = 0) => ({ state: 'busy', threadId: 1, elu, loopDelayMs });

describe('signals of one reading', () => {
  it.each<[string, Signal, Partial<PoolReading>, number | null]>([
    ['S1: queue depth is a share of the capacity', queueDepthSignal(), { queueDepth: 25 }, 0.25],
    ['S1: queue depth of a full queue is 1', queueDepthSignal(), { queueDepth: 100 }, 1],
    ['S1: queue depth without a capacity is unknown', queueDepthSignal(), { queueCapacity: undefined }, null],
    ['S1: utilization is busy / live', utilizationSignal(), { busy: 3, live: 4 }, 0.75],
    ['S1: utilization without workers is 0', utilizationSignal(), { busy: 0, live: 0, starting: 2 }, 0],
    ['S2: mean wait', waitSignal('mean'), { wait }, 12],
    ['S2: median wait', waitSignal('p50'), { wait }, 8],
    ['S2: 99th percentile of the wait', waitSignal('p99'), { wait }, 90],
    ['S2: wait of the head of the queue', waitSignal('oldest'), { wait }, 30],
    ['S2: a queue that stands still waits as long as its head', waitSignal('p99'), { wait: stuck }, 9_000],
    ['S2: nothing waits', waitSignal('mean'), {}, 0],
    ['S2: a pool that does not tell waits', waitSignal('mean'), { wait: undefined }, null],
    [
      'S5: loop utilization is the mean of the threads',
      loopUtilizationSignal(),
      { workers: [thread(0.2), thread(0.6)] },
      0.4,
    ],
    ['S5: or that of the busiest', loopUtilizationSignal('max'), { workers: [thread(0.2), thread(0.6)] }, 0.6],
    ['S5: loop delay is the longest', loopDelaySignal(), { workers: [thread(0, 5), thread(0, 20)] }, 20],
    ['S5: or the mean of those measured', loopDelaySignal('mean'), { workers: [thread(0, 5), thread(0, 0)] }, 5],
    ['S5: loop delay that nobody measured', loopDelaySignal(), { workers: [thread(0.5)] }, null],
    [
      'S5: threads that are starting do not count',
      loopUtilizationSignal(),
      { workers: [thread(0.5), { state: 'starting', threadId: null, elu: 0 }] },
      0.5,
    ],
    [
      'S5: async slots have no loop of their own',
      loopUtilizationSignal(),
      { workers: [{ threadId: null, elu: 0 }] },
      null,
    ],
    ['S5: a pool that does not tell of workers', loopUtilizationSignal(), {}, null],
  ])('%s', (_, signal, reading, expected) => {
    const value = valueAfter(signal, { 1_000: reading });
    if (expected === null) expect(value).toBeNull();
    else expect(value).toBeCloseTo(expected, 10);
  });

  it('have no value before a reading, and the time of the reading after it', () => {
    const signal = utilizationSignal();
    expect(signal.read(5)).toBeNull();
    signal.observe!(readingOf({ busy: 1 }), 10);
    expect(signal.read(99)).toEqual({ value: 0.25, at: 10 });
  });

  it('let a value age once the pool no longer tells it', () => {
    const signal = waitSignal('mean');
    signal.observe!(readingOf({ wait }), 10);
    signal.observe!(readingOf({ wait: undefined }), 20);
    expect(signal.read(20)).toEqual({ value: 12, at: 10 });
  });
});
