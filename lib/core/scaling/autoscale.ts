import { refusal, requireInteger, requireObject } from '../validate.js';
import { PoolAutoscaler, type Autoscaler, type ScalingKit } from './autoscaler.js';
import type { Decision, PoolReading, ResizePort } from './contract.js';
import type { Flapping } from './flapping.js';
import type { Preset } from './presets.js';
import { resolveScaling } from './resolve-scaling.js';
import type { ScalingOptions } from './scaling-options.js';

/** Whom to tell, of an autoscaler made with `createAutoscaler`. */
export interface AutoscalerListeners {
  /** Something new was decided; what repeats itself is not told again. */
  readonly decision?: (decision: Decision) => void;
  readonly flapping?: (flapping: Flapping) => void;
  /** Default: a process warning. */
  readonly fault?: (fault: Error) => void;
}

/** An autoscaler of its own for `port`, started. */
export function autoscale(
  port: ResizePort,
  scaling: ScalingOptions | Preset,
  kit: ScalingKit,
  listeners: AutoscalerListeners,
): Autoscaler {
  const pool = requireName(requirePort(port).snapshot());
  const resolved = resolveScaling(scaling, 'balanced', pool);
  if (resolved === null) throw refusal({ pool, option: 'scaling' }, scaling, 'left out, a preset or an object');
  const { decision = ignore, flapping = ignore, fault = (error) => warnOfFault(pool, error) } = listeners;
  const autoscaler = new PoolAutoscaler(pool, port, resolved, { kit, events: { decision, flapping, fault } });
  autoscaler.start();
  return autoscaler;
}

/** Where nobody listens for faults. */
export function warnOfFault(pool: string, fault: Error): void {
  process.emitWarning(`pool '${pool}': the autoscaler failed: ${fault.stack ?? fault.message}`, 'DynamicPoolWarning');
}

function ignore(): void {}

function requirePort(port: ResizePort): ResizePort {
  const { snapshot, resize } = requireObject({ option: 'port' }, port);
  if (typeof snapshot === 'function' && typeof resize === 'function') return port;
  throw refusal({ option: 'port' }, port, 'an object with the methods snapshot() and resize(target)');
}

/** Checks what every reading must tell; what is left out beyond that is up to the policy. */
function requireName(reading: PoolReading): string {
  const { name } = requireObject({ option: 'what port.snapshot() returns' }, reading);
  if (typeof name !== 'string' || name === '')
    throw refusal({ option: 'port.snapshot().name' }, name, 'a non-empty text');
  for (const count of COUNTS) {
    const value = reading[count];
    if (typeof value === 'number' && value >= 0) continue;
    throw refusal({ pool: name, option: `port.snapshot().${count}` }, value, 'a number from 0');
  }
  const { concurrency = 1 } = reading;
  requireInteger({ pool: name, option: 'port.snapshot().concurrency' }, concurrency, 1, MOST_CONCURRENCY);
  return name;
}

/** As a pool's `worker.concurrency`: what queueing theory reckons takes as long as there are servers. */
const MOST_CONCURRENCY = 1_024;

const COUNTS = ['min', 'max', 'target', 'size', 'starting', 'live', 'busy', 'queueDepth'] as const;
