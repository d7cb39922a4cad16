import type { PoolReading, Signal, SignalValue } from '../contract.js';

/** Of the waits in the reading's window; `oldest` is that of the task at the head of the queue. */
export type WaitMeasure = 'mean' | 'p50' | 'p99' | 'oldest';

/**
 * A signal that is computed from the readings. Where a reading cannot tell, `measure` gives `null`, and the last value
 * stands and ages.
 */
export function fromReading(measure: (reading: PoolReading, now: number) => number | null): Signal {
  let last: SignalValue | null = null;
  return {
    observe(reading, now) {
      const value = measure(reading, now);
      if (value !== null) last = { value, at: now };
    },
    read: () => last,
  };
}

/** Queue depth as a share of its capacity, 0..1; no value for a pool without a capacity. Row S1. */
export function queueDepthSignal(): Signal {
  return fromReading(({ queueDepth, queueCapacity }) =>
    queueCapacity === undefined || queueCapacity <= 0 ? null : queueDepth / queueCapacity,
  );
}

/** busy / live, 0..1, 0 without workers. Row S1. */
export function utilizationSignal(): Signal {
  return fromReading(({ busy, live }) => (live <= 0 ? 0 : busy / live));
}

/**
 * Wait time in milliseconds, over the window of the pool's statistics (`stats.windowMs`, a histogram of fixed size).
 * Waits are recorded when tasks start. While every worker is held up nothing starts, the window empties and says 0 though
 * the queue stands still: then it is the wait of the head of the queue. Row S2.
 */
export function waitSignal(measure: WaitMeasure): Signal {
  return fromReading(({ wait }) => {
    if (wait === undefined) return null;
    return wait[measure] === 0 ? wait.oldest : wait[measure];
  });
}
