import { types } from 'node:util';

/** A part that structured clone refuses: where it is, and what, as in `args[0].socket` and `a function`. */
export interface Uncloneable {
  readonly path: string;
  readonly what: string;
}

/** A part to look into, or one that cannot even be read. */
export type Part = Uncloneable | { readonly path: string; readonly value: unknown };

const MOVABLE = new Set(['MessagePort', 'ReadableStream', 'WritableStream', 'TransformStream', 'FileHandle']);

/** What structured clone would take apart `value` into, lazily. */
export function* partsOf(value: object, path: string): Generator<Part> {
  if (types.isMap(value)) {
    let index = 0;
    for (const [key, item] of Map.prototype.entries.call(value) as MapIterator<[unknown, unknown]>) {
      yield { path: `${path}<key ${index}>`, value: key };
      yield {
        path: typeof key === 'object' && key !== null ? `${path}<value ${index}>` : `${path}.get(${literal(key)})`,
        value: item,
      };
      index++;
    }
  } else if (types.isSet(value)) {
    let index = 0;
    for (const item of Set.prototype.values.call(value)) yield { path: `${path}<item ${index++}>`, value: item };
  } else {
    // Of an error, structured clone reads the cause, but not the own properties.
    for (const key of types.isNativeError(value) ? ['cause'] : Object.keys(value)) yield propertyOf(value, key, path);
  }
}

function propertyOf(value: object, key: string, parent: string): Part {
  const path = parent + member(key, Array.isArray(value));
  try {
    return { path, value: (value as Record<string, unknown>)[key] };
  } catch {
    return { path, what: 'a getter that throws' };
  }
}

function member(key: string, ofArray: boolean): string {
  if (ofArray && /^\d+$/.test(key)) return `[${key}]`;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function literal(key: unknown): string {
  if (typeof key === 'bigint') return `${key}n`;
  return typeof key === 'string' ? JSON.stringify(key) : String(key);
}

/** What an object is, as in `a Promise`. */
export function describe(value: object): string {
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return 'a detached ArrayBuffer';
  const name = className(value);
  if (name === 'Object') return 'an object';
  return `${/^[aeiou]/i.test(name) ? 'an' : 'a'} ${name}${isMovable(value) ? ' (transfer it)' : ''}`;
}

/** Whether an object of Node cannot be copied, but can be transferred. */
export function isMovable(value: object): boolean {
  return MOVABLE.has(className(value));
}

function className(value: object): string {
  try {
    const name: unknown = value.constructor.name;
    if (typeof name === 'string' && name !== '' && name !== 'Object') return name;
  } catch {
    // No constructor, or a getter that throws: the tag has to do.
  }
  try {
    return Object.prototype.toString.call(value).slice('[object '.length, -1);
  } catch {
    return 'Object';
  }
}

/** Whether a function is a class. */
export function isClass(value: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}
