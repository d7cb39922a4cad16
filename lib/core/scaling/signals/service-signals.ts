import type { PoolReading, Signal } from '../contract.js';
import { fromReading } from './reading-signals.js';
import { ServiceWindow } from './service-window.js';

/** `mean` in milliseconds; `scv`: the squared coefficient of variation. */
export type ServiceMeasure = 'mean' | 'scv';

/**
 * Service time over about the last `completions` tasks, by the sums in the reading. A pool that has nothing to do keeps
 * its last value, which does not go stale: what the next task will take is still best told by the last ones. Of a pool
 * that tells a mean only, the mean is that. Row S1.
 */
export function serviceSignal(measure: ServiceMeasure = 'mean', completions?: number): Signal {
  const window = new ServiceWindow(completions);
  const measured = (reading: PoolReading): number | null => {
    if (reading.load === undefined) return measure === 'mean' ? (reading.service?.mean ?? null) : null;
    window.add(reading.load);
    return measure === 'mean' ? window.meanMs : window.squaredVariation;
  };
  return fromReading(measured);
}
