import type { HealthIndicatorResult } from '@nestjs/terminus';
import type { HealthVerdict } from '../../core/health/pool-health.js';

type Data = Record<string, unknown>;

/** What Terminus makes results by. Its version 11 knows nothing between `up` and `down`. */
export interface HealthSession {
  up(data: Data): HealthIndicatorResult;
  degraded?(data: Data): HealthIndicatorResult;
  down(data: Data): HealthIndicatorResult;
}

/** A verdict as Terminus takes it. Where it does not know `degraded`, that is `up` with `degraded: true`: 200 in any case. */
export function tell(session: HealthSession, { status, reasons }: HealthVerdict, data: Data): HealthIndicatorResult {
  const told = { ...data, reasons: [...reasons] };
  if (status === 'up') return session.up(told);
  if (status === 'down') return session.down(told);
  return session.degraded ? session.degraded(told) : session.up({ ...told, degraded: true });
}
