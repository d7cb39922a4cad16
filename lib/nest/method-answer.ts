import 'reflect-metadata';
import type { Observable } from 'rxjs';

/** The class that a method is declared to return; whichever copy of rxjs it is of. */
export type ObservableClass = new (subscribe: (subscriber: Observer) => () => void) => Observable<unknown>;

/** Who hears what an Observable pushes. */
export interface Observer {
  next(value: unknown): void;
  error(error: unknown): void;
  complete(): void;
}

/**
 * What callers of a decorated method get: a promise; an async generator, which calls as it is first read; an Observable, which
 * calls as it is subscribed to; or, where a method does not tell which, what can be awaited and iterated.
 */
export type MethodAnswer =
  | { readonly kind: 'promise' | 'generator' | 'either' }
  | { readonly kind: 'observable'; readonly class: ObservableClass };

/** By what the method is, else by the type it is declared to return. A text says why callers could not get it from a worker. */
export function answerOf(target: object, key: string, original: (...args: never[]) => unknown): MethodAnswer | string {
  const kind = Object.prototype.toString.call(original).slice('[object '.length, -1);
  if (kind === 'AsyncFunction') return { kind: 'promise' };
  if (kind === 'AsyncGeneratorFunction') return { kind: 'generator' };
  if (kind === 'GeneratorFunction') {
    return 'is a generator that is not async; its caller must await the worker. Make it async *';
  }
  // What decorators below made of it hides what it was: then types decide.
  const type: unknown = Reflect.getMetadata('design:returntype', target, key);
  if (type === Promise) return { kind: 'promise' };
  // Object stands for interfaces, unions and aliases; some compilers say nothing. The type checker has seen what it is.
  if (typeof type !== 'function' || type === Object) return { kind: 'either' };
  if (type.prototype instanceof Promise) return { kind: 'promise' };
  if (isObservableClass(type)) return { kind: 'observable', class: type };
  return `returns ${type.name}; its caller must await the worker. Make it async`;
}

/** Of rxjs, and none of those that can be pushed into. */
function isObservableClass(type: Function): type is ObservableClass & Function {
  const prototype = type.prototype as object | undefined;
  return prototype !== undefined && Object.hasOwn(prototype, 'subscribe') && !('next' in prototype);
}
