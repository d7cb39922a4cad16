import { performance, type EventLoopUtilityFunction } from 'node:perf_hooks';
import type { Probe } from './probe.js';

/** Utilization of this thread's event loop between two looks. */
export function mainLoopProbe(
  utilization: EventLoopUtilityFunction = (...looks) => performance.eventLoopUtilization(...looks),
): Probe<number> {
  let before: ReturnType<EventLoopUtilityFunction> | null = null;
  return () => {
    const last = before;
    before = utilization();
    return last === null ? null : utilization(before, last).utilization;
  };
}
