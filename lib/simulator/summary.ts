import { quantile } from './quantile.js';
import type { SimulatedPool } from './simulated-pool.js';
import type { Resize, SimulationResult } from './simulation-result.js';

const HOUR_MS = 3_600_000;
/** A change of direction within this time of the resize before is a reversal, milliseconds. */
const REVERSAL_MS = 60_000;

/** What the pool has to tell at the end. */
export function summaryOf(
  pool: SimulatedPool,
  tasks: number,
): Omit<SimulationResult, 'decisions' | 'faults' | 'workload'> {
  const { durationMs, arrivals } = pool.workload;
  const { objectiveMs } = pool.options.scaling;
  const { started, late: startedLate } = pool.load.read();
  const { waits, resizes, dropped, failed, crew } = pool;
  const stillWaiting = pool.waiting.filter((task) => durationMs - arrivals[task]! > objectiveMs).length;
  const late = startedLate + stillWaiting;
  const reversals = reversalsIn(resizes);
  return {
    tasks,
    started,
    late,
    missPct: tasks === 0 ? 0 : (100 * (late + dropped)) / tasks,
    workerMs: crew.workerMs(durationMs),
    meanWaitMs: started === 0 ? 0 : pool.waitMs / started,
    p99WaitMs: quantile(known(waits, started), 0.99),
    waits,
    resizes,
    reversals,
    resizesPerHour: (resizes.length * HOUR_MS) / durationMs,
    reversalsPerHour: (reversals * HOUR_MS) / durationMs,
    sizes: crew.sizes,
    dropped,
    failed,
    breaker: pool.breaker?.changes(durationMs) ?? [],
  };
}

/** How often the direction changed within 60 s. */
export function reversalsIn(resizes: readonly Resize[]): number {
  return resizes.filter((resize, index) => {
    const before = resizes[index - 1];
    if (before === undefined || resize.at - before.at > REVERSAL_MS) return false;
    return Math.sign(resize.to - resize.from) !== Math.sign(before.to - before.from);
  }).length;
}

/** The values that are numbers, `count` of them. In a loop: there may be millions. */
function known(values: Float64Array, count: number): Float64Array {
  const kept = new Float64Array(count);
  let next = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (value >= 0) kept[next++] = value;
  }
  return kept;
}
