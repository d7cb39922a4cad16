import 'reflect-metadata';
import type { Observable } from 'rxjs';
import { isPoolWorker } from '../../engines/worker-mark.js';
import { findRoute } from '../call-router.js';
import { callingFile } from '../calling-file.js';
import type { PooledTaskOptions } from '../interfaces/pooled-task-options.js';
import { declarePooledMethod, type AnyMethod } from '../pooled-methods.js';
import { checkPooledMethod, checkPooledTaskOptions } from './check-pooled-method.js';

/** Compiles on methods that return a promise, an async iterable or an Observable, and on nothing else. */
export type PooledTaskDecorator = <
  T extends (...args: never[]) => Promise<unknown> | AsyncIterable<unknown> | Observable<unknown>,
>(
  target: object,
  key: string,
  descriptor: TypedPropertyDescriptor<T>,
) => void;

/**
 * Runs a method of a provider or controller on a worker thread of a pool. Callers notice nothing: the same class, the
 * same types, the same errors; arguments and the result are copied (or moved, see `transfer`). The items of an async
 * generator, or of an Observable, come as they are yielded, and no faster than they are read.
 *
 * The class must be exported by its file; each worker builds its own instance, dependencies included. Decorators above
 * this one act on the main thread only, those below it in the worker only. With no `DynamicPoolModule` loaded, and
 * inside a worker, the method runs in place.
 * @throws PoolConfigError, where the class is declared, if the method returns none of these or an option is unknown.
 * @example
 * @PooledTask('images')
 * async thumbnail(image: Buffer, width: number): Promise<Buffer> { ... }
 * @publicApi
 */
export function PooledTask(options: string | PooledTaskOptions): PooledTaskDecorator {
  const checked = checkPooledTaskOptions(options);
  return (target, key, descriptor) => {
    const { prototype, method, original, answer } = checkPooledMethod(target, key, descriptor);
    declarePooledMethod(prototype, { method, options: checked, original, answer, file: callingFile() });
    if (!isPoolWorker()) descriptor.value = routed(method, original) as typeof descriptor.value;
  };
}

/** What takes the method's place on the main thread; it looks like the method to whoever inspects it. */
function routed(method: string, original: AnyMethod): AnyMethod {
  const call = function (this: unknown, ...args: unknown[]): unknown {
    const route = findRoute(this, method, original);
    return route ? route(this as object, args) : original.apply(this, args);
  };
  Object.defineProperty(call, 'name', { value: original.name, configurable: true });
  Object.defineProperty(call, 'length', { value: original.length, configurable: true });
  for (const key of Reflect.getOwnMetadataKeys(original)) {
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, original), call);
  }
  return call;
}
