import 'reflect-metadata';
import { declaredClass, isBuiltIn, looksLikeClass, refused } from '../core/revival/recipe.js';
import { reviverOf, type Reviver } from '../core/revival/revive.js';
import { show, type Place } from '../core/validate.js';
import type { AnyClass, PooledMethod } from './pooled-methods.js';

/** Makes instances of some of a call's arguments, in a list of its own. */
export type ArgumentsReviver = (args: readonly unknown[]) => unknown[];

const results = new WeakMap<PooledMethod, Reviver | null>();
const parameters = new WeakMap<PooledMethod, ArgumentsReviver | null>();

/**
 * What makes instances of a method's results, of one item at a time where they are a stream; `null` without `returns`.
 * @throws PoolConfigError naming pool, method and option.
 */
export function resultReviver(cls: AnyClass, method: PooledMethod): Reviver | null {
  return remembered(results, method, () => {
    const { returns } = method.options;
    const place = placeOf(cls, method, 'returns');
    return returns === undefined ? null : reviverOf(declaredClass(returns, place), place);
  });
}

/**
 * What makes instances of a method's arguments; `null` without `accepts`.
 * @throws PoolConfigError naming pool, method and option.
 */
export function argumentsReviver(cls: AnyClass, method: PooledMethod): ArgumentsReviver | null {
  return remembered(parameters, method, () => {
    const { accepts } = method.options;
    if (accepts === undefined) return null;
    const place = placeOf(cls, method, 'accepts');
    return accepts === true ? byTypes(cls, method, place) : byList(declaredClass(accepts, place), place);
  });
}

function remembered<T>(known: WeakMap<PooledMethod, T>, method: PooledMethod, make: () => T): T {
  if (!known.has(method)) known.set(method, make());
  return known.get(method)!;
}

function placeOf(cls: AnyClass, { method, options }: PooledMethod, option: string): Place {
  return { pool: options.pool, option: `@PooledTask({ ${option} }) on ${cls.name}.${method}` };
}

function byList(list: unknown, place: Place): ArgumentsReviver {
  const wayOut = 'Let it return one class for each argument, and null for those that stay as they are';
  if (!Array.isArray(list)) throw refused(place, `returned ${show(list)}, which is no list of classes`, wayOut);
  const revivers = list.map((cls: unknown) => (cls === null ? null : reviverOf(cls, place)));
  if (revivers.every((each) => each === null)) throw refused(place, 'names no class', wayOut);
  return (args) => args.map((arg, index) => revivers[index]?.(arg) ?? arg);
}

/** By what the compiler noted of the parameters. The type of a rest parameter is that of each of its elements. */
function byTypes(cls: AnyClass, { method }: PooledMethod, place: Place): ArgumentsReviver {
  const list = 'Name the classes: accepts: () => [Point, null], one for each argument';
  const types: unknown = Reflect.getMetadata('design:paramtypes', cls.prototype, method);
  if (!Array.isArray(types)) {
    throw refused(place, 'finds no types: the compiler noted none, as esbuild and tsx do', list);
  }
  const unknown = types.indexOf(undefined);
  if (unknown >= 0) {
    throw refused(place, `finds no type of argument ${unknown}: a circular import hid it from the compiler`, list);
  }
  const revivers = types.map((type: unknown) => (isOwnClass(type) ? reviverOf(type, place) : null));
  if (revivers.every((each) => each === null)) {
    const names = types.map((type: unknown) => (typeof type === 'function' ? type.name : show(type)));
    throw refused(place, `finds no class of yours among the declared types (${names.join(', ') || 'none'})`, list);
  }
  return (args) => args.map((arg, index) => revivers[Math.min(index, revivers.length - 1)]?.(arg) ?? arg);
}

function isOwnClass(type: unknown): type is AnyClass {
  return looksLikeClass(type) && !isBuiltIn(type);
}
