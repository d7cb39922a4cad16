import { isObject } from './pooled-methods.js';
import type { Wrapper } from './provided-classes.js';

/** What Nest keeps of one instance: made first, and given the instance once that is constructed. */
interface InstanceHost {
  instance: unknown;
}

const SETTERS = ['setInstanceByContextId', 'setInstanceByInquirerId'] as const;

/**
 * Tells of each instance of a provider that the container makes from now on, before anybody is given it. Nest keeps those of
 * requests in weak maps by request, so that they cannot be listed; each passes by here as it is put there.
 */
export function followInstances(wrapper: Wrapper, made: (instance: object) => void): void {
  for (const name of SETTERS) {
    const set = wrapper[name] as unknown as (...args: unknown[]) => unknown;
    const following = (...args: unknown[]) => {
      for (const arg of args) if (isHost(arg)) follow(arg, made);
      return set.apply(wrapper, args);
    };
    Object.defineProperty(wrapper, name, { value: following, configurable: true, writable: true });
  }
}

function isHost(value: unknown): value is InstanceHost {
  return isObject(value) && 'instance' in value;
}

function follow(host: InstanceHost, made: (instance: object) => void): void {
  let current = host.instance;
  if (isObject(current)) made(current);
  Object.defineProperty(host, 'instance', {
    get: () => current,
    set(instance: unknown) {
      current = instance;
      if (isObject(instance)) made(instance);
    },
    configurable: true,
    enumerable: true,
  });
}
