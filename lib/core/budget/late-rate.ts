import type { PoolDemand } from '../scaling/guards/pool-demand.js';
import { lateShare } from '../scaling/queueing/erlang-c.js';

/**
 * What too few workers cost a pool: tasks per second that wait longer than the objective, and again those that are never
 * served because more arrive than the workers can do. Without the second part all sizes below the load would be equally
 * bad, and one worker more worth nothing.
 */
export function lateRate({ arrivalRate, serviceMs, variation, objectiveMs }: PoolDemand, workers: number): number {
  if (arrivalRate === 0 || serviceMs === 0) return 0;
  const load = (arrivalRate * serviceMs) / 1_000;
  const unserved = (Math.max(0, load - workers) * 1_000) / serviceMs;
  return arrivalRate * lateShare(workers, load, objectiveMs / serviceMs, variation) + unserved;
}
