import type { MethodAnswer } from './method-answer.js';
import type { PooledTaskOptions } from './interfaces/pooled-task-options.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any method of any class
export type AnyMethod = (this: any, ...args: any[]) => unknown;
/** Any class, abstract ones and those with private constructors included. */
export type AnyClass = Function & { readonly prototype: object };

/** A method under `@PooledTask`. */
export interface PooledMethod {
  readonly method: string;
  readonly options: PooledTaskOptions;
  /** The method as it was before this decorator: with the decorators below it, without those above. */
  readonly original: AnyMethod;
  /** What its callers get. */
  readonly answer: MethodAnswer;
  /** File URL of the code that declared it, where that could be told. */
  readonly file: string | null;
}

const declared = new WeakMap<object, Map<string, PooledMethod>>();

export function declarePooledMethod(prototype: object, method: PooledMethod): void {
  const methods = declared.get(prototype) ?? new Map<string, PooledMethod>();
  declared.set(prototype, methods.set(method.method, method));
}

/** Whether this very prototype, not one that it inherits from, has the decorated method. */
export function isDeclared(prototype: object, method: string): boolean {
  return declared.get(prototype)?.has(method) ?? false;
}

/**
 * The pooled methods of a class by name, the inherited ones included. An override that is not decorated itself is not
 * pooled.
 */
export function pooledMethods(cls: AnyClass): ReadonlyMap<string, PooledMethod> {
  const found = new Map<string, PooledMethod>();
  for (const prototype of prototypesOf(cls)) {
    const own = declared.get(prototype);
    for (const name of found.keys()) if (Object.hasOwn(prototype, name)) found.delete(name);
    if (own) for (const [name, method] of own) found.set(name, method);
  }
  return found;
}

/** The file that declares this class, where a decorated method of its own tells. */
export function declaringFile(cls: AnyClass): string | null {
  const [first] = declared.get(cls.prototype)?.values() ?? [];
  return first?.file ?? null;
}

/** Name of a class's task. */
export function taskName(cls: AnyClass, { method, options }: PooledMethod): string {
  return options.name ?? `${cls.name}.${method}`;
}

/** The class of an instance, or `null` for objects without one. */
export function classOf(instance: object): AnyClass | null {
  const cls: unknown = (Object.getPrototypeOf(instance) as object | null)?.constructor;
  return typeof cls === 'function' && isObject(cls.prototype) ? (cls as AnyClass) : null;
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** From the base class to the class itself. */
function prototypesOf(cls: AnyClass): object[] {
  const prototypes: object[] = [];
  for (let p: object | null = cls.prototype; p && p !== Object.prototype; p = Object.getPrototypeOf(p) as object) {
    prototypes.unshift(p);
  }
  return prototypes;
}
