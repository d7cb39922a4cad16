import type { LoadReading, PoolReading, Signal } from '../../lib/core/scaling/contract.js';

/** A reading of a pool of four workers with nothing to do, but for what is given. */
export function readingOf(part: Partial<PoolReading> = {}): PoolReading {
  return {
    name: 'pool',
    min: 1,
    max: 8,
    target: 4,
    size: 4,
    starting: 0,
    live: 4,
    busy: 0,
    queueDepth: 0,
    queueCapacity: 100,
    counters: { submitted: 0, completed: 0, failed: 0 },
    wait: { mean: 0, p50: 0, p99: 0, oldest: 0 },
    service: { mean: 0 },
    load: { started: 0, late: 0, served: 0, serviceMs: 0, serviceMsSquared: 0 },
    ...part,
  };
}

/** The sums of tasks that took these times, in milliseconds. */
export function loadOf(times: readonly number[]): LoadReading {
  return {
    started: times.length,
    late: 0,
    served: times.length,
    serviceMs: times.reduce((sum, ms) => sum + ms, 0),
    serviceMsSquared: times.reduce((sum, ms) => sum + ms * ms, 0),
  };
}

/** The value of a signal after readings, given by their time. */
export function valueAfter(signal: Signal, readings: Readonly<Record<number, Partial<PoolReading>>>): number | null {
  let last = 0;
  for (const [at, part] of Object.entries(readings)) {
    last = Number(at);
    signal.observe?.(readingOf(part), last);
  }
  return signal.read(last)?.value ?? null;
}

/** A random generator that repeats itself: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
