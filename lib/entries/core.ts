/** Framework-free entry point: `nestjs-dynamic-pool/core`. */
export type * from '../core/contract/index.js';
export * from '../core/errors.js';
export { createPool } from '../engines/create-pool.js';
export { calculateSize, type Sizing, type SizingOptions } from '../core/scaling/sizing.js';
