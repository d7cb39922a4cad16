import type { LoggerService } from '@nestjs/common';
import { poolEventHandlers, type PoolEventHandler } from './decorators/on-pool-event.decorator.js';
import type { PoolDirectory } from './pool-directory.js';
import { classOf } from './pooled-methods.js';
import type { Provided } from './provided-classes.js';

/**
 * Connects every method under `@OnPoolEvent` with its pool.
 * @throws PoolNotFoundError for a handler of a pool that does not exist.
 */
export function listenToPools(provided: readonly Provided[], directory: PoolDirectory, logger: LoggerService): void {
  const connected = new Set<object>();
  for (const { cls, instances, sharing } of provided) {
    const handlers = poolEventHandlers(cls);
    if (handlers.length === 0) continue;
    if (sharing() === 'request') {
      logger.warn(`${cls.name} is request-scoped: its methods under @OnPoolEvent hear nothing.`);
      continue;
    }
    for (const instance of instances) {
      if (connected.has(instance)) continue;
      connected.add(instance);
      for (const handler of handlers) listen(instance, handler, directory, logger);
    }
  }
}

function listen(instance: object, handler: PoolEventHandler, directory: PoolDirectory, logger: LoggerService): void {
  const { pool, event, method } = handler;
  const who = `${classOf(instance)?.name}.${method}`;
  const listener = instance as Record<string, (event: unknown) => unknown>;
  directory.get(pool, `@OnPoolEvent on ${who}`).on(event, (payload) => {
    const told = async () => listener[method]!({ pool, event, at: Date.now(), ...payload });
    told().catch((error: unknown) => {
      logger.error(
        `${who} threw on '${event}' of pool '${pool}': ${String(error)}`,
        (error as Error | undefined)?.stack,
      );
    });
  });
}
