import { types } from 'node:util';

const MAX_CLASSES = 32;

// Reads of what somebody threw. Getters and proxy traps may throw in turn; none of these does.

/** Whether a value is an error, of this realm or another. */
export function isError(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  try {
    // Where a test runner has a realm of its own, DOMException inherits from the Error of another one.
    return types.isNativeError(value) || value instanceof Error || value instanceof DOMException;
  } catch {
    return false; // a proxy trap threw
  }
}

/** The class names along the prototype chain, its own class first, `Object` left out. */
export function classNames(error: object): string[] {
  const names: string[] = [];
  try {
    let prototype: unknown = Object.getPrototypeOf(error);
    for (let level = 0; level < MAX_CLASSES && prototype !== Object.prototype; level++) {
      if (typeof prototype !== 'object' || prototype === null) break;
      const { constructor } = prototype;
      const isOwn = Object.hasOwn(prototype, 'constructor');
      if (isOwn && typeof constructor?.name === 'string' && constructor.name !== '') names.push(constructor.name);
      prototype = Object.getPrototypeOf(prototype);
    }
  } catch {
    // A getter or a proxy trap threw: the names so far have to do.
  }
  return names;
}

export function ownKeys(error: object): string[] {
  try {
    return Object.getOwnPropertyNames(error);
  } catch {
    return [];
  }
}

export function readString(target: object, key: string): string | undefined {
  try {
    const value: unknown = Reflect.get(target, key);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
