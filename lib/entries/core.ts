/** Framework-free entry point: `nestjs-dynamic-pool/core`. */
export type * from '../core/contract/index.js';
export * from '../core/errors.js';
export { opossumBreaker, type OpossumBreaker } from '../adapters/breaker.js';
export type { AutoscalerListeners } from '../core/scaling/autoscale.js';
export type { Autoscaler } from '../core/scaling/autoscaler.js';
export type * from '../core/scaling/contract.js';
export type { AutoscalerHealth } from '../core/scaling/control-loop.js';
export type { DeciderSpec } from '../core/scaling/deciders/build-decider.js';
export type { Flapping } from '../core/scaling/flapping.js';
export type { ForecastSpec } from '../core/scaling/forecasts/build-forecast.js';
export type { GuardSpec } from '../core/scaling/guards/build-guard.js';
export { PRESETS, type Preset, type PresetParts } from '../core/scaling/presets.js';
export type { Policy, PolicySpec, ScalingOptions } from '../core/scaling/scaling-options.js';
export type { CircuitBreaker } from '../core/scaling/signals/breaker-signal.js';
export type { SignalSpec } from '../core/scaling/signals/signal-spec.js';
export { createAutoscaler, createPool } from './create.js';
export { calculateSize, type Sizing, type SizingOptions } from '../core/scaling/sizing.js';
