import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { PoolReading, Signal } from '../../../../../lib/core/scaling/contract.js';
import { buildSignals } from '../../../../../lib/core/scaling/signals/build-signals.js';
import { readingOf } from '../../../../support/readings.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const TICKS = 1_000;

function allSignals(): Signal[] {
  const signals = buildSignals({
    dispersion: { type: 'arrival-dispersion' },
    scv: { type: 'service', measure: 'scv' },
    smooth: { type: 'ewma', of: 'waitP99', halfLifeMs: 1_000 },
  });
  return Object.values(signals);
}

/** The reading after this many tasks of 10 ms. */
function after(tasks: number): PoolReading {
  return readingOf({
    counters: { submitted: tasks, completed: tasks, failed: 0 },
    wait: { mean: 1, p50: 1, p99: 2, oldest: 0 },
    load: { started: tasks, late: 0, served: tasks, serviceMs: 10 * tasks, serviceMsSquared: 100 * tasks },
  });
}

function observe(signals: readonly Signal[], tasksPerTick: number): void {
  for (let tick = 1; tick <= TICKS; tick++) {
    const reading = after(tick * tasksPerTick);
    for (const signal of signals) {
      signal.observe?.(reading, tick * 250);
      signal.read(tick * 250);
    }
  }
}

/** Bytes that fifty sets of signals hold after their ticks. */
function heldBy(tasksPerTick: number): number {
  collect();
  const before = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  const sets = Array.from({ length: 50 }, allSignals);
  for (const signals of sets) observe(signals, tasksPerTick);
  collect();
  const after = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  // Read once more, so that they are still held when the heap is measured.
  expect(sets.flat().every((signal) => signal.read(TICKS * 250) !== null)).toBe(true);
  return after - before;
}

/** How often a tick looks at a property of the reading. */
function looksPerTick(tasksPerTick: number): number {
  let looks = 0;
  const counted = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, key) {
        looks++;
        const value: unknown = Reflect.get(object, key);
        return typeof value === 'object' && value !== null ? counted(value) : value;
      },
    });
  const signals = allSignals();
  observe(signals, tasksPerTick);
  for (const signal of signals) signal.observe?.(counted(after((TICKS + 1) * tasksPerTick)), (TICKS + 1) * 250);
  return looks;
}

describe('what signals cost (S2)', () => {
  it('a million tasks are held in as much memory as a thousand', () => {
    heldBy(1);
    const [thousand, million] = [heldBy(1), heldBy(1_000)];
    // One number for each task of one set would be eight million bytes.
    expect(Math.abs(million - thousand)).toBeLessThan(500_000);
  });

  it('a tick looks at the same few numbers after a thousand tasks as after a million', () => {
    const looks = looksPerTick(1);
    expect(looks).toBe(looksPerTick(1_000));
    expect(looks).toBeLessThan(100);
  });
});
