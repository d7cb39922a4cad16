import { PoolConfigError } from '../errors.js';
import { show, type Place } from '../validate.js';
import { privateMember } from './private-members.js';

/**
 * Static property by which a class says how its copies become instances again, where restoring the prototype is not
 * enough: a function of the copy that returns the instance (for private members, or to check what came), or a record
 * of the fields that hold instances themselves.
 * @example
 * class Account {
 *   #owner: string;
 *   static [REVIVE](copy: { id: number }): Account { return new Account(copy.id); }
 * }
 * class Route {
 *   static readonly [REVIVE] = { from: () => Point, stops: () => Point };
 * }
 * @publicApi
 */
export const REVIVE: unique symbol = Symbol.for('nestjs-dynamic-pool.revive');

/** A class of one's own; abstract ones, and those with a private constructor, included. */
export type RevivableClass = Function & { readonly prototype: object };

/** How a copy becomes an instance of a class. */
export interface Recipe {
  readonly cls: RevivableClass;
  /** What the class brings itself; else its prototype is restored. */
  readonly make: ((copy: object) => unknown) | null;
  readonly fields: readonly (readonly [key: string, recipe: Recipe])[];
}

const known = new WeakMap<RevivableClass, Recipe>();

/**
 * The recipe of a class, checked together with those of its fields.
 * @throws PoolConfigError where its copies cannot become instances; `place` says who named the class.
 */
export function recipeOf(cls: unknown, place: Place): Recipe {
  const draft = new Map<RevivableClass, Recipe>();
  const recipe = draftOf(cls, place, draft);
  for (const [each, checked] of draft) known.set(each, checked);
  return recipe;
}

/** Whether JavaScript or Node.js brings this class: what crosses of it, crosses by itself. */
export function isBuiltIn(cls: Function): boolean {
  const global = globalThis as unknown as Record<string, unknown>;
  return isNative(cls) || (Object.hasOwn(global, cls.name) && global[cls.name] === cls);
}

/** Whether a value is a class, or a function that may be one. */
export function looksLikeClass(value: unknown): value is RevivableClass {
  return typeof value === 'function' && typeof value.prototype === 'object' && value.prototype !== null;
}

/** A recipe may need itself: a list has a next list. So it is known before its fields are looked at. */
function draftOf(cls: unknown, place: Place, draft: Map<RevivableClass, Recipe>): Recipe {
  if (!looksLikeClass(cls)) throw refused(place, `names ${show(cls)}, which is no class`, 'Name a class of yours');
  const found = known.get(cls) ?? draft.get(cls);
  if (found) return found;
  if (isBuiltIn(cls)) {
    throw refused(
      place,
      `names ${cls.name}, which is built in and crosses, or not, by itself`,
      'Name a class of yours',
    );
  }
  const own = ownWay(cls, place);
  if (typeof own === 'function') {
    const recipe = { cls, make: (copy: object) => Reflect.apply(own, cls, [copy]) as unknown, fields: [] };
    draft.set(cls, recipe);
    return recipe;
  }
  const obstacle = obstacleOf(cls);
  if (obstacle) {
    throw refused(
      place,
      `names ${cls.name}, which ${obstacle}: a copy has none of that, and no prototype brings it back`,
      `Give the class a static [REVIVE](copy) that makes a ${cls.name} of a copy, or do not ask for it`,
    );
  }
  const fields: [string, Recipe][] = [];
  const recipe = { cls, make: null, fields };
  draft.set(cls, recipe);
  for (const [key, declared] of Object.entries(own)) {
    const option = `${place.option}: field '${key}' of ${cls.name}`;
    fields.push([key, draftOf(declaredClass(declared, { ...place, option }), { ...place, option }, draft)]);
  }
  return recipe;
}

/** Whether a function is a class, and not one that returns it. */
export function isClassItself(value: Function): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}

/** What a function that shall return a class returns; it is one so that classes may be declared in any order. */
export function declaredClass(declared: unknown, place: Place): unknown {
  if (typeof declared !== 'function' || isClassItself(declared)) {
    throw refused(place, `is ${show(declared)}`, 'Give a function that returns the class, as in () => Point');
  }
  try {
    return declared();
  } catch (cause) {
    const told = cause instanceof Error ? cause.message : String(cause);
    throw refused(place, `is a function that threw: ${told}`, 'Let it return a class that is declared by then', cause);
  }
}

/** The nearest function, else the records of the class and of those that it extends, together. */
function ownWay(cls: RevivableClass, place: Place): Function | Record<string, unknown> {
  let fields: Record<string, unknown> = {};
  for (const each of lineOf(cls)) {
    const own: unknown = Object.getOwnPropertyDescriptor(each, REVIVE)?.value;
    if (own === undefined) continue;
    if (typeof own === 'function') return Object.keys(fields).length === 0 ? own : fields;
    if (typeof own !== 'object' || own === null || Array.isArray(own)) {
      throw refused(
        place,
        `names ${cls.name}, whose static [REVIVE] is ${show(own)}`,
        'Make it a function of the copy, or a record of fields as in { from: () => Point }',
      );
    }
    fields = { ...own, ...fields };
  }
  return fields;
}

function obstacleOf(cls: RevivableClass): string | null {
  for (const each of lineOf(cls)) {
    const whose = each === cls ? '' : ` by way of ${each.name}`;
    if (each !== cls && isBuiltIn(each)) return `extends ${each.name}`;
    const found = privateMember(Function.prototype.toString.call(each));
    if (found) return found.startsWith('#') ? `has the private member ${found}${whose}` : `has ${found}${whose}`;
  }
  return null;
}

/** The class, and what it extends; the nearest first. */
function* lineOf(cls: RevivableClass): Generator<RevivableClass> {
  for (let each: unknown = cls; looksLikeClass(each); each = Object.getPrototypeOf(each)) yield each;
}

function isNative(cls: Function): boolean {
  return /\{\s*\[native code\]\s*\}\s*$/.test(Function.prototype.toString.call(cls));
}

export function refused({ pool, option }: Place, fact: string, wayOut: string, cause?: unknown): PoolConfigError {
  const prefix = pool === undefined ? '' : `pool '${pool}': `;
  return new PoolConfigError(`${prefix}${option} ${fact}. ${wayOut}.`, { pool, option, cause });
}
