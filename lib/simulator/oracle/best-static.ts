import { requireWorkload, type Workload } from '../workload.js';
import { requireMissPct, resolveOracle, type OracleOptions } from './oracle-options.js';
import { WindowQueue } from './window-queue.js';

/**
 * The least constant size by which no more than `missPct` of the tasks wait longer than the objective, or the largest where
 * none does. It knows the load. Default 1.
 * @throws PoolConfigError that names the option, the value and what is allowed.
 */
export function bestStatic(workload: Workload, missPct = 1, options: OracleOptions = {}): number {
  const resolved = resolveOracle(options);
  const { durationMs, arrivals } = requireWorkload(workload);
  const most = (requireMissPct(missPct) / 100) * arrivals.length;
  // One window over the whole load: more workers never make a task wait longer.
  const queue = new WindowQueue(workload, { ...resolved, windowMs: durationMs });
  const start = { head: 0, ends: new Float64Array() };
  let { min: low, max: high } = resolved;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (queue.run(0, start, middle).misses <= most) high = middle;
    else low = middle + 1;
  }
  return low;
}
