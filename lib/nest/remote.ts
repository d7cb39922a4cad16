import type { FactoryProvider, InjectionToken, Provider, Type } from '@nestjs/common';
import { PoolConfigError } from '../core/errors.js';
import { refusal, rejectUnknownKeys, requireObject } from '../core/validate.js';
import { isPoolWorker } from '../engines/worker-mark.js';
import { isObject, pooledMethods, type AnyClass } from './pooled-methods.js';
import { createStub } from './remote-stub.js';

/** Options of `remote()`. */
export interface RemoteOptions {
  /** The injection token: an abstract class, a string, a symbol. Default: the class itself. */
  provide?: InjectionToken;
}

const factories = new WeakMap<object, AnyClass>();

/**
 * Provides a class that is built in workers only. On the main thread a stub stands for it: `instanceof` the class, never
 * constructed, its dependencies not needed. Its methods under `@PooledTask` go to their pool; all else of it throws
 * `PoolError` (`REMOTE_STUB`) when used. Inside a worker this is the class itself.
 * @throws PoolConfigError for what is no class, a class without a method under `@PooledTask`, unknown options; at the start of
 * the application, if a pool of it is of kind 'async', or may run tasks on the calling thread.
 * @example
 * @Module({ providers: [remote(ImageService)], exports: [ImageService] })
 * export class ImagesModule {}
 * @publicApi
 */
export function remote<T extends object>(cls: Type<T>, options: RemoteOptions = {}): Provider<T> {
  requireRemoteClass(cls);
  requireObject({ option: `the options of remote(${cls.name})` }, options);
  rejectUnknownKeys(`remote(${cls.name})`, options, ['provide']);
  const { provide = cls } = options;
  if (isPoolWorker()) return provide === cls ? cls : { provide, useClass: cls };
  // A factory, and no value: applications that share the module have a stub each, which is how its calls find theirs.
  const useFactory: FactoryProvider<T>['useFactory'] = () => createStub(cls) as T;
  factories.set(useFactory, cls);
  return { provide, useFactory };
}

/** The class behind a provider that `remote()` made, told by its factory; `null` for others. */
export function remoteClass(factory: unknown): AnyClass | null {
  return (typeof factory === 'function' && factories.get(factory)) || null;
}

function requireRemoteClass(cls: unknown): void {
  if (typeof cls !== 'function' || !isObject(cls.prototype)) {
    throw refusal({ option: 'what remote() is given' }, cls, 'a class (undefined: do files import each other?)');
  }
  if (pooledMethods(cls as AnyClass).size > 0) return;
  throw new PoolConfigError(
    `remote(${cls.name}): no method of ${cls.name} is decorated with @PooledTask, so nothing of it could be called. Decorate those that workers shall run, or provide ${cls.name} itself.`,
  );
}
