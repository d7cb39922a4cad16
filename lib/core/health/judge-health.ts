import type { PoolSnapshot } from '../contract/snapshot.js';
import type { AutoscalerHealth } from '../scaling/control-loop.js';
import type { HealthStatus, PoolHealth } from './pool-health.js';

/** Judges a pool by what can be seen of it at this instant. */
export function judgeHealth(snapshot: PoolSnapshot, autoscaler: AutoscalerHealth | null): PoolHealth {
  const down: string[] = [];
  const degraded: string[] = [];
  if (snapshot.state === 'closed') down.push('the pool is closed');
  else if (autoscaler?.state === 'stopped') down.push('its autoscaler has no ticks any more');
  else if (autoscaler?.state === 'frozen')
    down.push(`its autoscaler stands still after a fault: ${autoscaler.lastFault}`);
  if (autoscaler?.state === 'retrying') degraded.push(`its autoscaler failed: ${autoscaler.lastFault}`);
  if (snapshot.state === 'paused' || snapshot.state === 'draining') degraded.push(`the pool is ${snapshot.state}`);
  const status: HealthStatus = down.length > 0 ? 'down' : degraded.length > 0 ? 'degraded' : 'up';
  return Object.freeze({ pool: snapshot.name, status, reasons: Object.freeze([...down, ...degraded]) });
}
