import 'reflect-metadata';
import type { AnyClass } from '../pooled-methods.js';

/** Under which Nest notes the guards, interceptors, filters and pipes of a class and of its methods. */
const LISTS = ['__guards__', '__interceptors__', '__exceptionFilters__', '__pipes__'];
const PARAMETERS = '__routeArguments__';

/**
 * Makes a class forget, in this thread, what Nest puts around its handlers: that acts on requests, on the main thread. Nest
 * would build those classes with the controller, and fail where the worker has nothing for them.
 */
export function dropEnhancers(cls: AnyClass): void {
  for (let c = cls as Function; typeof c === 'function' && c !== Function.prototype; c = Object.getPrototypeOf(c)) {
    forget(c);
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(c.prototype ?? {}))) {
      if (typeof value === 'function' && name !== 'constructor') forget(value as Function);
      if (Reflect.hasOwnMetadata(PARAMETERS, c, name)) Reflect.defineMetadata(PARAMETERS, {}, c, name);
    }
  }
}

function forget(target: Function): void {
  for (const key of LISTS) if (Reflect.hasOwnMetadata(key, target)) Reflect.defineMetadata(key, [], target);
}
