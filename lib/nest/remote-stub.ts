import 'reflect-metadata';
import { inspect } from 'node:util';
import { PoolError } from '../core/errors.js';
import { isObject, pooledMethods, type AnyClass } from './pooled-methods.js';

/** Nest calls them on whatever has them; those of the class are called where it is: in the workers. */
const HOOKS = [
  'onModuleInit',
  'onApplicationBootstrap',
  'onModuleDestroy',
  'beforeApplicationShutdown',
  'onApplicationShutdown',
];
/** What `await`, serialisers and test runners call on whatever has it. */
const CALLED = ['then', 'toJSON', 'asymmetricMatch'];
/** Never those of the class. */
const ABSENT: ReadonlySet<PropertyKey> = new Set([...HOOKS, ...CALLED, Symbol.toPrimitive, Symbol.toStringTag]);
/** What these and loggers look for, to find out what an object is. A class may have methods of these names. */
const PROBES: ReadonlySet<PropertyKey> = new Set([
  ...['inspect', 'subscribe', 'lift', '@@observable', '__esModule', '$$typeof', 'nodeType', 'tagName', 'hasAttribute'],
  ...['@@__IMMUTABLE_ITERABLE__@@', '@@__IMMUTABLE_RECORD__@@'],
]);

const stubbed = new WeakMap<object, AnyClass>();

/** The class that a stub stands for, or `null`: it is none. */
export function stubbedClass(instance: unknown): AnyClass | null {
  return (isObject(instance) && stubbed.get(instance)) || null;
}

/**
 * What stands for a class on the main thread: an instance of it that was never constructed. Its methods under `@PooledTask`
 * are those of the class, decorators above included; all else of it that is used throws. What was put onto it, by a test say,
 * is there.
 */
export function createStub(cls: AnyClass): object {
  const pooled = pooledMethods(cls);
  const target = Object.create(cls.prototype) as object;
  const told = () => `remote(${cls.name})`;
  Object.defineProperty(target, inspect.custom, { value: told, configurable: true, writable: true });
  const stub: object = new Proxy(target, {
    get(own, key, receiver) {
      if (Object.hasOwn(own, key)) return Reflect.get(own, key);
      if (ABSENT.has(key)) return undefined;
      if (key === 'constructor' || (typeof key === 'string' && pooled.has(key))) return Reflect.get(own, key, receiver);
      if (key in Object.prototype) return Reflect.get(Object.prototype, key, receiver);
      const member = memberOf(cls, key);
      if (typeof member?.value === 'function') return refusing(cls, key, member.value as Function);
      if (typeof key === 'symbol' || PROBES.has(key)) return undefined;
      throw misuse(cls, key, 'was read');
    },
    set(own, key, value) {
      const isFree = typeof key === 'symbol' || pooled.has(key) || Object.hasOwn(own, key);
      if (!isFree) throw misuse(cls, key, 'was set');
      return Reflect.defineProperty(own, key, { value, configurable: true, enumerable: true, writable: true });
    },
  });
  stubbed.set(stub, cls);
  return stub;
}

/** The error for a call of a stub that no application routes. */
export function unroutedError(cls: AnyClass, method: string): PoolError {
  const pool = pooledMethods(cls).get(method)?.options.pool;
  return stubError(
    cls,
    pool,
    `${cls.name}.${method} was called, but no application with DynamicPoolModule provides this object, so there is no pool to run it. Provide remote(${cls.name}) in the application that opens the pool, and call it once that has created its providers`,
  );
}

/** Looks like the method, so that explorers find what decorators noted on it, and refuses to be called. */
function refusing(cls: AnyClass, key: PropertyKey, method: Function): Function {
  const refuse = () => {
    throw misuse(cls, key, 'was called');
  };
  Object.defineProperty(refuse, 'name', { value: method.name, configurable: true });
  Object.defineProperty(refuse, 'length', { value: method.length, configurable: true });
  for (const noted of Reflect.getMetadataKeys(method)) {
    Reflect.defineMetadata(noted, Reflect.getMetadata(noted, method), refuse);
  }
  return refuse;
}

function misuse(cls: AnyClass, key: PropertyKey, what: 'was called' | 'was read' | 'was set'): PoolError {
  const methods = [...pooledMethods(cls).values()];
  const [pool] = methods.map(({ options }) => options.pool);
  const wayOut =
    what === 'was called'
      ? `Decorate it with @PooledTask('${pool}')`
      : `Have a method under @PooledTask('${pool}') return it, or take it`;
  return stubError(
    cls,
    pool,
    `${cls.name}.${String(key)} ${what} on the main thread, which has no ${cls.name}: remote(${cls.name}) has it built in workers only, and what can be called here are its methods under @PooledTask (${methods.map(({ method }) => method).join(', ')}). ${wayOut}, or provide ${cls.name} itself in place of remote(${cls.name})`,
  );
}

function stubError(cls: AnyClass, pool: string | undefined, told: string): PoolError {
  const message = `${pool === undefined ? '' : `pool '${pool}': `}${told}.`;
  return new PoolError('REMOTE_STUB', message, { pool });
}

function memberOf(cls: AnyClass, key: PropertyKey): PropertyDescriptor | undefined {
  for (let p: object | null = cls.prototype; p && p !== Object.prototype; p = Object.getPrototypeOf(p) as object) {
    const found = Object.getOwnPropertyDescriptor(p, key);
    if (found) return found;
  }
  return undefined;
}
