/** Loads: shapes, recorded traces, and workloads drawn from them. */
export type { LoadShape } from './load-shape.js';
export { constant, linearRamp, ramp } from './ramps.js';
export type { ConstantOptions, LinearRampOptions, RampOptions } from './ramps.js';
export { sawtooth, spikes, step } from './jumps.js';
export type { SawtoothOptions, SpikesOptions, StepOptions } from './jumps.js';
export { errorInjection, slowDownstream, withErrors, withSlowDownstream } from './disturbances.js';
export type { ErrorOptions, SlowOptions, Span } from './disturbances.js';
export { fittedShape, SHAPE_NAMES, type FittedOptions, type ShapeName } from './fitted-shape.js';
export { meanRate, scaledTo } from './mean-rate.js';
export { JUDGED_SHAPES, type JudgedShapeName } from './judged-shapes.js';
export { readTrace, traceShape, type Trace } from './trace.js';
export { poissonArrivals, poissonWorkload, type PoissonOptions } from './poisson-workload.js';
