import type { PoolReading, Signal, WorkerReading } from '../contract.js';
import { fromReading } from './reading-signals.js';

/** What is told of all workers together. */
export type Over = 'mean' | 'max';

/**
 * Event-loop utilization of the pool's threads, 0..1, where the reading tells of workers. No value for a pool without
 * threads of its own: async slots share the main loop. It tells of saturation only as long as there are cores enough;
 * beyond that see the run-queue wait. Row S5.
 */
export function loopUtilizationSignal(over: Over = 'mean'): Signal {
  return fromReading((reading) => combine(over, threadsOf(reading, 'elu')));
}

/** Event-loop delay of the pool's threads, milliseconds. 0 means that it was not measured, and is left out. Row S5. */
export function loopDelaySignal(over: Over = 'max'): Signal {
  const measured = (reading: PoolReading) => threadsOf(reading, 'loopDelayMs').filter((delayMs) => delayMs > 0);
  return fromReading((reading) => combine(over, measured(reading)));
}

function threadsOf({ workers = [] }: PoolReading, key: 'elu' | 'loopDelayMs'): readonly number[] {
  const started = ({ state, threadId }: WorkerReading) => state !== 'starting' && threadId !== null;
  return workers.filter(started).map((worker) => worker[key] ?? 0);
}

function combine(over: Over, values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return over === 'max' ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0) / values.length;
}
