/** Loads sent to a live application. */
export { runLoad } from './run-load.js';
export type { Disturbance, LiveRequest, RunLoadOptions } from './live-options.js';
export type { Latency, LoadReport, SecondReport } from './load-report.js';
