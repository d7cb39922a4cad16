import { cronTimes } from '../adapters/cron.js';
import { simulate as simulateCore } from '../simulator/simulate.js';
import type { SimulationOptions } from '../simulator/simulation-options.js';
import type { SimulationResult } from '../simulator/simulation-result.js';
import type { Workload } from '../simulator/workload.js';

export { ANCHORS, type Anchor, type AnchorName } from '../simulator/anchors/anchors.js';
export type { BreakerOptions, RefusedTasks } from '../simulator/breaker-options.js';
export { JUDGED_POLICIES, presetPolicy, type JudgedPolicy } from '../simulator/judged-policy.js';
export { bestStatic } from '../simulator/oracle/best-static.js';
export { oracle, type OraclePlan } from '../simulator/oracle/oracle.js';
export type { OracleOptions } from '../simulator/oracle/oracle-options.js';
export { picture, type PictureOptions } from '../simulator/picture.js';
export type { LoadClass } from '../simulator/load-class.js';
export type { Partition } from '../simulator/regions/messages.js';
export {
  simulateRegions,
  type RegionResult,
  type RegionsOptions,
  type RegionSpec,
  type RegionsResult,
} from '../simulator/regions/simulate-regions.js';
export { judge, type JudgedLoad, type ReportRow } from '../simulator/report.js';
export type { BreakerChange, Resize, SimulationResult, SizeChange } from '../simulator/simulation-result.js';
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
