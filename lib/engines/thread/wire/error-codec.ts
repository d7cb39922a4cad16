import { compact, findBuffers, restoreBuffers } from './buffers.js';
import { cloneHere } from './clone-here.js';
import { cloneError } from './clone-path.js';
import type { ErrorClasses } from './error-classes.js';
import { classNames, isError, ownKeys, readString } from './error-reads.js';
import type { WireError, WireField, WireList, WireThrown, WireValue } from './wire-error.js';

export type { WireError } from './wire-error.js';

/** Where something was thrown, for the message about what cannot be cloned. */
export interface ThrowSite {
  readonly pool?: string | undefined;
  readonly task?: string | undefined;
}

type Path = `thrown${string}`;

const MAX_CAUSES = 16;

/**
 * What a task threw, as data that can be cloned. An error keeps its class names, message, stack and own properties;
 * errors in them (`cause`, `errors`, any other) keep the same, 16 levels deep. Own properties that cannot be cloned,
 * and symbols, are left out. Any other value goes as it is; where it cannot be cloned, a `TaskCloneError` naming the
 * part and the `site` goes in its place. Never throws.
 */
export function encodeError(thrown: unknown, site: ThrowSite = {}): WireError {
  return new Encoder(site).encode(thrown, 'thrown', 0);
}

/**
 * What `encodeError` encoded. An error becomes an instance of the most derived class that `classes` knows, made
 * without running its constructor, so its private fields are missing; `name` survives for unknown classes too.
 */
export function decodeError(wire: WireError, classes: ErrorClasses): unknown {
  return new Decoder(classes).decode(wire);
}

class Encoder {
  readonly #site: ThrowSite;
  readonly #seen = new Map<object, WireThrown>();

  constructor(site: ThrowSite) {
    this.#site = site;
  }

  encode(thrown: unknown, path: Path, depth: number): WireError {
    if (isError(thrown)) return this.#error(thrown, path, depth);
    const { pool, task } = this.#site;
    return encodeValue(thrown) ?? this.#error(cloneError(pool, task, thrown, path), path, depth);
  }

  #error(error: object, path: Path, depth: number): WireThrown {
    const known = this.#seen.get(error);
    if (known !== undefined) return known;
    const names = classNames(error);
    const name = readString(error, 'name') ?? names[0] ?? 'Error';
    const message = readString(error, 'message') ?? '';
    const stack = readString(error, 'stack') ?? `${name}: ${message}`;
    const fields: WireField[] = [];
    const wire: WireThrown = { kind: 'error', names, name, message, stack, fields };
    this.#seen.set(error, wire);
    for (const key of ownKeys(error)) {
      const field = this.#field(error, key, path, depth);
      if (field !== null) fields.push(field);
    }
    return wire;
  }

  #field(error: object, key: string, path: Path, depth: number): WireField | null {
    try {
      const enumerable = Object.prototype.propertyIsEnumerable.call(error, key);
      if (key === 'stack' || (!enumerable && (key === 'message' || key === 'name'))) return null;
      const value: unknown = Reflect.get(error, key);
      const encoded = this.#fieldValue(value, `${path}.${key}`, depth);
      return encoded && { key, enumerable, value: encoded };
    } catch {
      return null; // a getter or a proxy trap threw
    }
  }

  #fieldValue(value: unknown, path: Path, depth: number): WireError | WireList | null {
    if (isError(value)) return depth < MAX_CAUSES ? this.#error(value, path, depth + 1) : null;
    if (!Array.isArray(value) || !value.some(isError)) return encodeValue(value);
    if (depth === MAX_CAUSES) return null;
    return { kind: 'list', items: value.map((item, index) => this.encode(item, `${path}[${index}]`, depth + 1)) };
  }
}

class Decoder {
  readonly #classes: ErrorClasses;
  readonly #revived = new Map<WireThrown, Error>();

  constructor(classes: ErrorClasses) {
    this.#classes = classes;
  }

  decode(wire: WireError | WireList): unknown {
    if (wire.kind === 'value') return decodeValue(wire);
    if (wire.kind === 'list') return wire.items.map((item) => this.decode(item));
    return this.#revived.get(wire) ?? this.#revive(wire);
  }

  #revive(wire: WireThrown): Error {
    const error = this.#construct(wire);
    this.#revived.set(wire, error);
    // Assigned: to define it would make V8 format the old one first, with a `name` that may throw.
    error.stack = wire.stack;
    for (const { key, enumerable, value } of wire.fields) define(error, key, this.decode(value), enumerable);
    if (readString(error, 'name') !== wire.name) define(error, 'name', wire.name, false);
    return error;
  }

  #construct({ names, name, message }: WireThrown): Error {
    const known = this.#classes.find(names) ?? Error;
    // A DOMException keeps its name in a private field, so it has to be made by its own constructor.
    const isDom = known === DOMException || known.prototype instanceof DOMException;
    return isDom ? Reflect.construct(DOMException, [message, name], known) : Reflect.construct(Error, [message], known);
  }
}

/** A copy, so that nothing the sender's objects do later can keep the message from being sent. */
function encodeValue(value: unknown): WireValue | null {
  if (typeof value === 'function' || typeof value === 'symbol') return null;
  if (typeof value !== 'object' || value === null) return { kind: 'value', value };
  try {
    return { kind: 'value', value: cloneHere(compact([value]))[0], buffers: findBuffers([value]) };
  } catch {
    return null;
  }
}

function decodeValue({ value, buffers }: WireValue): unknown {
  if (!buffers) return value;
  const values = [value];
  restoreBuffers(values, buffers);
  return values[0];
}

function define(error: Error, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true });
}
