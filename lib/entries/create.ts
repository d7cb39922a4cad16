import type { Pool } from '../core/contract/pool.js';
import type { PoolOptions } from '../core/contract/pool-options.js';
import { autoscale, type AutoscalerListeners } from '../core/scaling/autoscale.js';
import type { Autoscaler } from '../core/scaling/autoscaler.js';
import type { ResizePort } from '../core/scaling/contract.js';
import type { Preset } from '../core/scaling/presets.js';
import type { ScalingOptions } from '../core/scaling/scaling-options.js';
import { createManagedPool } from '../engines/create-pool.js';
import { scalingKit } from './scaling-kit.js';

/**
 * Creates a pool and starts its initial workers.
 * @throws PoolConfigError before any thread starts, naming the option and what is allowed.
 * @example
 * const pool = createPool({ name: 'images', tasks: new URL('./tasks.js', import.meta.url), size: { max: 4 } });
 * const thumbnail = await pool.run('thumbnail', [bytes, 128]);
 * await pool.close();
 */
export function createPool(options: PoolOptions): Pool {
  return createManagedPool(options, { kit: scalingKit });
}

/**
 * Keeps anything that can be resized at the size that a policy wants: a pool of this library made with `scaling: false`,
 * or one of another kind. Ticks from now on until `stop()`, by a timer that holds no process open.
 * @throws PoolConfigError for options that are not what they must be, and for a pool that has an autoscaler.
 * @example
 * const autoscaler = createAutoscaler(port, { policy: 'balanced', objectiveMs: 200 });
 */
export function createAutoscaler(
  port: ResizePort,
  scaling: ScalingOptions | Preset = {},
  listeners: AutoscalerListeners = {},
): Autoscaler {
  return autoscale(port, scaling, scalingKit, listeners);
}
