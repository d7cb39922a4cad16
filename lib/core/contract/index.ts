export type * from './config-status.js';
export type * from './events.js';
export type * from './histograms.js';
export type * from './pool.js';
export type * from './pool-options.js';
export type * from './quarantine.js';
export type * from './run-options.js';
export type * from './snapshot.js';
