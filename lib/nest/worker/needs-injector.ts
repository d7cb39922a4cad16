import 'reflect-metadata';
import { Scope } from '@nestjs/common';
import { poolWorkerOf } from '../pool-worker-metadata.js';
import type { AnyClass } from '../pooled-methods.js';

/** Keys under which TypeScript and Nest note what a class is to be given. */
export const PARAMTYPES = 'design:paramtypes';
export const INJECTED_PARAMS = 'self:paramtypes';
const INJECTED_PROPERTIES = 'self:properties_metadata';

const SCOPE_OPTIONS = 'scope:options';

/** Whether the class itself asks for one instance for each request or consumer. */
export function isScopedClass(cls: AnyClass): boolean {
  const options = Reflect.getMetadata(SCOPE_OPTIONS, cls) as { scope?: Scope } | undefined;
  return (options?.scope ?? Scope.DEFAULT) !== Scope.DEFAULT;
}

/** Whether Nest has to build the class: it is given something, by its constructor, a property or `@PoolWorker`. */
export function needsInjector(cls: AnyClass): boolean {
  const { imports = [], providers = [] } = poolWorkerOf(cls) ?? {};
  if (imports.length > 0 || providers.length > 0) return true;
  if (Reflect.hasMetadata(INJECTED_PARAMS, cls) || Reflect.hasMetadata(INJECTED_PROPERTIES, cls)) return true;
  const types = Reflect.getMetadata(PARAMTYPES, cls) as readonly unknown[] | undefined;
  return types ? types.length > 0 : takesArguments(cls);
}

/** Without metadata the parameters are counted; those of a base class count too, since they may be inherited. */
function takesArguments(cls: AnyClass): boolean {
  for (let c = cls as Function | null; typeof c === 'function'; c = Object.getPrototypeOf(c) as Function | null) {
    if (c !== Function.prototype && c.length > 0) return true;
  }
  return false;
}
