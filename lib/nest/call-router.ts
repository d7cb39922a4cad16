import { failingAnswer } from './items.js';
import { classOf, isObject, pooledMethods, type AnyClass, type AnyMethod } from './pooled-methods.js';
import { stubbedClass, unroutedError } from './remote-stub.js';

/** Where the calls of one decorated method of one class go. */
export type Route = (self: object, args: readonly unknown[]) => unknown;
/** The routes of a class by method; `original` tells the method from one that it overrides. */
export type Routes = ReadonlyMap<string, { readonly original: AnyMethod; readonly route: Route }>;

/** An application with pools, as the router sees it. */
export interface Destination {
  /** Announces what the application's container holds by now. */
  announce(): void;
  /** An instance of a class that it did not have when it started is called, and the call runs in place. */
  passedBy(cls: AnyClass): void;
}

const byInstance = new WeakMap<object, Routes>();
const byClass = new WeakMap<AnyClass, Map<Destination, Routes>>();
/** Weak, since an application may be thrown away before it was ever initialised. */
const initialising = new Set<WeakRef<Destination>>();
const up = new Set<Destination>();

/**
 * The route of a call, or `null`: it runs in place. The instance decides, so that two applications in one process do
 * not mix; an instance that no application knows (of a request scope, say) goes by its class, to the newest
 * application that is up and has it. An overridden method, called by `super`, is no task of the class.
 */
export function findRoute(self: unknown, method: string, original: AnyMethod): Route | null {
  if (!isObject(self)) return null;
  const found = (byInstance.get(self) ?? searchRoutes(self))?.get(method);
  if (found) return found.original === original ? found.route : null;
  const cls = stubbedClass(self);
  return cls && (() => failingAnswer(pooledMethods(cls).get(method)?.answer, unroutedError(cls, method)));
}

function searchRoutes(self: object): Routes | undefined {
  for (const destination of initialising) announce(destination.deref());
  const cls = classOf(self);
  const found = byInstance.get(self) ?? (cls ? newest(byClass.get(cls)) : undefined);
  if (!found && cls) for (const destination of up) destination.passedBy(cls);
  return found;
}

/** What is wrong with an application keeps that one from starting, and is no matter of this call, which may be another's. */
function announce(destination: Destination | undefined): void {
  try {
    destination?.announce();
  } catch {
    // It announces once more as it starts.
  }
}

export function routeInstance(instance: object, routes: Routes): void {
  byInstance.set(instance, routes);
}

/** From now on the application hears of calls that pass it by. Returns the end of that. */
export function beginListening(destination: Destination): () => void {
  up.add(destination);
  return () => void up.delete(destination);
}

export function routeClass(cls: AnyClass, destination: Destination, routes: Routes): void {
  const destinations = byClass.get(cls) ?? new Map<Destination, Routes>();
  byClass.set(cls, destinations.set(destination, routes));
}

/** The application is gone: a class goes to another one that has it, or runs in place again. Its instances stay. */
export function forgetClass(cls: AnyClass, destination: Destination): void {
  byClass.get(cls)?.delete(destination);
}

/**
 * Until it has initialised, an application is asked about instances that nobody knows: providers may call before its
 * hooks ran. Returns the end of that.
 */
export function beginInitialising(destination: Destination): () => void {
  const reference = new WeakRef(destination);
  initialising.add(reference);
  return () => initialising.delete(reference);
}

function newest(destinations: ReadonlyMap<Destination, Routes> | undefined): Routes | undefined {
  return destinations && [...destinations.values()].at(-1);
}
