import type { PoolView } from '../core/contract/operation.js';
import type { Policy } from '../core/scaling/scaling-options.js';
import type { PoolService } from '../nest/pool.service.js';
import { policyView } from '../core/scaling/policy-view.js';

/**
 * A pool at this instant as the HTTP API, the events and the page tell it: all of it is JSON.
 * @throws PoolNotFoundError naming the pools there are.
 */
export function viewOf(pools: PoolService, name: string): PoolView {
  const policy = pools.policy(name);
  return {
    ...pools.snapshot(name),
    at: Date.now(),
    policy: policy === null ? null : (policyView(policy) as Policy),
    objectiveMs: pools.get(name).autoscaler?.objectiveMs ?? null,
    autoscaler: pools.autoscaler(name),
    health: pools.health(name),
  };
}
