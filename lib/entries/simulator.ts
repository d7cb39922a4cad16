import { cronTimes } from '../adapters/cron.js';
import { simulate as simulateCore } from '../simulator/simulate.js';
import type { SimulationOptions } from '../simulator/simulation-options.js';
import type { SimulationResult } from '../simulator/simulation-result.js';
import type { Workload } from '../simulator/workload.js';

export type { BreakerOptions, RefusedTasks } from '../simulator/breaker-options.js';
export type { Resize, SimulationResult, SizeChange } from '../simulator/simulation-result.js';
export { workloadOf } from '../simulator/workload.js';
export * from '../simulator/load/index.js';
export * from '../simulator/live/index.js';
export type { SimulationOptions, Workload };

/**
 * Simulator entry point, `nestjs-dynamic-pool/simulator`: runs a workload through a pool under a virtual clock, with the
 * control loop and the policies that run in production.
 * @throws PoolConfigError that names the option, the value and what is allowed.
 * @publicApi
 * @example
 * const { missPct, workerMs } = simulate(workloadOf([0, 5, 10], [50, 50, 50]), { scaling: { policy: 'thrifty' } });
 */
export function simulate(workload: Workload, options: SimulationOptions = {}): SimulationResult {
  return simulateCore(workload, { cron: cronTimes, ...options });
}
