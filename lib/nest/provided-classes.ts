import { Scope, type InjectionToken } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';
import { classOf, isObject, type AnyClass } from './pooled-methods.js';
import { remoteClass } from './remote.js';

type Module = ModulesContainer extends Map<string, infer M> ? M : never;
/** What Nest knows about a provider. */
export type Wrapper = Module['providers'] extends Map<unknown, infer W> ? W : never;

/** `shared`: one instance for all; `consumer`: one for each class that injects it; `request`: one for each request. */
export type Sharing = 'shared' | 'consumer' | 'request';

/** A class that an application provides. */
export interface Provided {
  readonly cls: AnyClass;
  readonly token: InjectionToken;
  readonly wrapper: Wrapper;
  /** Its instances so far. Of a class per request it is a stand-in that Nest keeps. */
  readonly instances: readonly object[];
  /** Its class or its provider says so: one for each request, or one for each consumer. What it injects may do the same. */
  readonly isScoped: boolean;
  /** By `remote()`: its instance is a stub. */
  readonly isRemote: boolean;
  /** Nest knows once it has initialised; asked earlier, its answer would be wrong, and stay. */
  sharing(): Sharing;
}

/**
 * The classes of all providers and controllers of an application. Before the container has instantiated a provider its
 * class is known all the same, except for what a factory makes: then a class that is its token stands for it.
 */
export function providedClasses(modules: ModulesContainer): Provided[] {
  const found: Provided[] = [];
  for (const { providers, controllers } of modules.values()) {
    for (const wrapper of [...providers.values(), ...controllers.values()] as Wrapper[]) {
      if (wrapper.isAlias) continue;
      const { token } = wrapper;
      const instances = instancesOf(wrapper);
      const cls = instances[0] ? classOf(instances[0]) : declaredClass(wrapper);
      if (!cls) continue;
      const isScoped = (wrapper.scope ?? Scope.DEFAULT) !== Scope.DEFAULT;
      const isRemote = remoteClass(wrapper.metatype) !== null;
      found.push({ cls, token, wrapper, instances, isScoped, isRemote, sharing: () => sharingOf(wrapper) });
    }
  }
  return found;
}

function instancesOf(wrapper: Wrapper): object[] {
  const hosts = wrapper.isTransient ? wrapper.getStaticTransientInstances() : [wrapper];
  return hosts.map((host) => host?.instance as unknown).filter(isObject);
}

function sharingOf(wrapper: Wrapper): Sharing {
  if (!wrapper.isDependencyTreeStatic()) return 'request';
  return wrapper.isTransient ? 'consumer' : 'shared';
}

function declaredClass(wrapper: Wrapper): AnyClass | null {
  const isFactory = Boolean(wrapper.inject);
  const cls: unknown = remoteClass(wrapper.metatype) ?? (isFactory ? wrapper.token : wrapper.metatype);
  return typeof cls === 'function' && isObject(cls.prototype) ? (cls as AnyClass) : null;
}
