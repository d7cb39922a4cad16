import type { LoggerService } from '@nestjs/common';
import type { PoolEventMap } from '../core/contract/events.js';
import type { ManagedPool } from '../core/pool/managed-pool.js';

/**
 * What the log is told of a pool: each resize in one line of JSON, so that the logs of many processes can be joined (A6),
 * and what somebody should look into.
 */
export function logPool(pool: ManagedPool, logger: LoggerService): void {
  pool.on('resized', (resized) => logger.log(JSON.stringify(resizeLine(pool, resized))));
  pool.on('flapping', ({ resizesPerMinute, reversalsPerMinute }) => {
    logger.warn(
      `pool '${pool.name}' flaps: ${resizesPerMinute} resizes and ${reversalsPerMinute} changes of direction in a minute. It does not shrink for a minute; look at its decisions, and give its policy more patience (a cooldown, a stabilization window).`,
    );
  });
  // A lost worker is repaired by itself, but somebody should hear of it.
  pool.on('workerExited', ({ reason, error }) => {
    if (reason === 'crashed' && error) logger.warn(error.message);
  });
}

function resizeLine(pool: ManagedPool, { from, to, reason }: PoolEventMap['resized']) {
  const [last] = pool.autoscaler?.decisions({ limit: 1 }) ?? [];
  const decision = last?.from === from && last.to === to && last.reason === reason ? last : null;
  return {
    event: 'resized',
    pool: pool.name,
    from,
    to,
    reason,
    by: decision ? 'autoscaler' : 'manual',
    ...(decision && { seq: decision.seq, proposed: decision.proposed, heldBy: decision.heldBy }),
    at: new Date().toISOString(),
    pid: process.pid,
  };
}
