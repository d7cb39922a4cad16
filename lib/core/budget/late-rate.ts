import type { PoolDemand } from '../scaling/guards/pool-demand.js';
import { lateShare } from '../scaling/queueing/erlang-c.js';
import { serversOf } from '../scaling/servers.js';

/**
 * What too few workers cost a pool: tasks per second that wait longer than the objective, and again those that are never
 * served because more arrive than the workers can do. Without the second part all sizes below the load would be equally
 * bad, and one worker more worth nothing.
 */
export function lateRate(demand: PoolDemand, workers: number): number {
  const { arrivalRate, serviceMs, variation, objectiveMs } = demand;
  if (arrivalRate === 0 || serviceMs === 0) return 0;
  const load = (arrivalRate * serviceMs) / 1_000;
  const servers = serversOf(workers, demand);
  const unserved = (Math.max(0, load - servers) * 1_000) / serviceMs;
  return arrivalRate * lateShare(servers, load, objectiveMs / serviceMs, variation) + unserved;
}
