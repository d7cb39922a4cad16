import type { PoolEventName } from '../../core/contract/events.js';
import { refusal, requireOneOf } from '../../core/validate.js';
import type { PoolEvent } from '../interfaces/pool-event.js';
import { POOL_EVENTS } from '../pool-events.js';
import type { AnyClass } from '../pooled-methods.js';

/** A method under `@OnPoolEvent`. */
export interface PoolEventHandler {
  readonly method: string;
  readonly pool: string;
  readonly event: PoolEventName;
}

const declared = new WeakMap<object, PoolEventHandler[]>();

/**
 * Calls a method of a provider with each event of this kind. What it throws is logged and goes no further.
 * @throws PoolConfigError, where the class is declared, if there is no such event; at start, if there is no such pool.
 * @example
 * @OnPoolEvent('images', 'workerExited')
 * onExit({ workerId, reason }: PoolEvent<'workerExited'>) { ... }
 * @publicApi
 */
export function OnPoolEvent<E extends PoolEventName>(
  pool: string,
  event: E,
): <T extends (event: PoolEvent<E>) => unknown>(
  target: object,
  key: string,
  descriptor: TypedPropertyDescriptor<T>,
) => void {
  requireOneOf({ pool, option: '@OnPoolEvent(event)' }, event, POOL_EVENTS);
  return (target, method, descriptor) => {
    if (typeof target === 'function' || typeof descriptor.value !== 'function') {
      throw refusal({ pool, option: '@OnPoolEvent' }, descriptor.value, 'on a method of an instance');
    }
    const handlers = declared.get(target) ?? [];
    handlers.push({ method, pool, event });
    declared.set(target, handlers);
  };
}

/** The event handlers of a class, the inherited ones included. What an override hears as well, it hears once. */
export function poolEventHandlers(cls: AnyClass): readonly PoolEventHandler[] {
  const found = new Map<string, PoolEventHandler>();
  for (let p: object | null = cls.prototype; p; p = Object.getPrototypeOf(p) as object | null) {
    for (const handler of declared.get(p) ?? []) {
      found.set(JSON.stringify([handler.method, handler.pool, handler.event]), handler);
    }
  }
  return [...found.values()];
}
