/** Simulator entry point: `nestjs-dynamic-pool/simulator`. */
export { simulate } from '../simulator/simulate.js';
export { workloadOf } from '../simulator/workload.js';
export type { BreakerOptions } from '../simulator/simulated-breaker.js';
export type { SimulationOptions } from '../simulator/simulation-options.js';
export type { Resize, SimulationResult, SizeChange } from '../simulator/simulation-result.js';
export type { Workload } from '../simulator/workload.js';
