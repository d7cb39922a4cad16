import { show, type Place } from '../validate.js';
import { recipeOf, refused, type Recipe, type RevivableClass } from './recipe.js';

/** Makes instances of a class out of copies. */
export type Reviver = (value: unknown) => unknown;

/**
 * Makes a copy that crossed between threads an instance of its class again: the prototype is put back, no constructor
 * runs, the fields are those of the copy. In place, and so is what it returns, unless the class has a static
 * `[REVIVE](copy)`. Each element of an array, each member of a `Set` and each value of a `Map` is revived, in one
 * another too; fields are only where the class names them (see `REVIVE`). Anything that is no plain object (`null`,
 * primitives, dates, Buffers, what is an instance already) stays as it is.
 * @throws PoolConfigError for a class whose copies cannot become instances, saying why; and what `[REVIVE]` throws.
 * @example const points = revive(await pool.run<Point[]>('nearest', [here]), Point);
 * @publicApi
 */
export function revive<V>(value: V, cls: RevivableClass): V {
  return reviverOf(cls, { option: 'revive()' })(value) as V;
}

/**
 * The same for many values: the class is checked once, here.
 * @throws PoolConfigError, in the name of `place`, for a class whose copies cannot become instances.
 */
export function reviverOf(cls: unknown, place: Place): Reviver {
  const recipe = recipeOf(cls, place);
  return (value) => (isObject(value) ? new Reviving(place).revive(value, recipe) : value);
}

/** One value and all that it holds: what it holds twice stays one object. */
class Reviving {
  /** Collections met, and what classes made of copies. What had its prototype restored is no plain object any more. */
  readonly #done = new Map<object, unknown>();

  constructor(readonly place: Place) {}

  revive(value: unknown, recipe: Recipe): unknown {
    if (!isObject(value)) return value;
    if (this.#done.has(value)) return this.#done.get(value);
    if (Array.isArray(value)) return this.#array(value, recipe);
    if (value instanceof Map) return this.#map(value, recipe);
    if (value instanceof Set) return this.#set(value, recipe);
    if (!isPlain(value)) return value;
    return recipe.make ? this.#made(value, recipe) : this.#restored(value, recipe);
  }

  #restored(value: Record<string, unknown>, { cls, fields }: Recipe): object {
    Object.setPrototypeOf(value, cls.prototype);
    for (const [key, recipe] of fields) {
      if (Object.hasOwn(value, key)) value[key] = this.revive(value[key], recipe);
    }
    return value;
  }

  #made(copy: object, { cls, make }: Recipe): unknown {
    const made = make!(copy);
    this.#done.set(copy, made);
    if (isObject(made) && Object.prototype.isPrototypeOf.call(cls.prototype, made)) return made;
    throw refused(
      this.place,
      `names ${cls.name}, whose static [REVIVE] returned ${show(made)}`,
      `Let it return an instance of ${cls.name}`,
    );
  }

  #array(items: unknown[], recipe: Recipe): unknown[] {
    this.#done.set(items, items);
    // Holes stay holes.
    items.forEach((item, index) => (items[index] = this.revive(item, recipe)));
    return items;
  }

  #map(map: Map<unknown, unknown>, recipe: Recipe): Map<unknown, unknown> {
    this.#done.set(map, map);
    for (const [key, item] of map) map.set(key, this.revive(item, recipe));
    return map;
  }

  #set(set: Set<unknown>, recipe: Recipe): Set<unknown> {
    this.#done.set(set, set);
    const members = [...set].map((member) => this.revive(member, recipe));
    set.clear();
    for (const member of members) set.add(member);
    return set;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
