import { types } from 'node:util';
import type { Transferable } from 'node:worker_threads';

/** Where a `Buffer` sits: the index among the values, then a key or an index per level. */
export type BufferPath = readonly (string | number)[];

const MAX_DEPTH = 8;
const MAX_VALUES = 1_000;

interface Search {
  found: BufferPath[] | null;
  visitsLeft: number;
  /** The way to the value at hand; entries beyond the current depth are stale. */
  readonly path: (string | number)[];
}

/**
 * Finds the `Buffer`s among values that are about to be cloned, since structured clone turns each into a bare
 * `Uint8Array`. Looks into arrays, plain objects and class instances, not into `Map` or `Set`; at most 8 levels deep and
 * at 1,000 elements and properties in all, which bounds the cost on the hot path and ends cycles. A `Buffer` beyond
 * those bounds arrives as a `Uint8Array`. `null` when there is none; never throws.
 */
export function findBuffers(values: readonly unknown[]): BufferPath[] | null {
  let search: Search | undefined;
  try {
    for (let index = 0; index < values.length; index++) {
      const value = values[index];
      if (typeof value !== 'object' || value === null) continue;
      search ??= { found: null, visitsLeft: MAX_VALUES, path: [] };
      search.path[0] = index;
      visit(value, 0, search);
    }
  } catch {
    // A getter or a proxy trap threw: cloning will meet it too, and reports it.
  }
  return search?.found ?? null;
}

/**
 * Wraps what arrived in the place of each `Buffer` into a `Buffer` over the same memory, in place. What was one `Buffer` in
 * two places is one again.
 */
export function restoreBuffers(values: unknown[], paths: readonly BufferPath[]): void {
  const made = new Map<Uint8Array, Buffer>();
  for (const path of paths) {
    let holder: unknown = values;
    for (let level = 0; level < path.length - 1; level++) holder = holderAt(holder, path[level]!);
    const key = path[path.length - 1]!;
    const view = holderAt(holder, key);
    if (!types.isUint8Array(view) || Buffer.isBuffer(view)) continue;
    const buffer = made.get(view) ?? Buffer.from(view.buffer, view.byteOffset, view.byteLength);
    if (paths.length > 1) made.set(view, buffer);
    (holder as Record<string | number, unknown>)[key] = buffer;
  }
}

/**
 * The same values with each top-level view that covers at most half of its ArrayBuffer replaced by a copy of just its
 * bytes: structured clone copies the whole ArrayBuffer behind a view, and a small `Buffer` sits in a shared slab of
 * 8 KiB. Returns `values` itself when there is nothing to do; never changes the caller's objects, nor runs code of theirs.
 * Views over a buffer that is in `transfer` stay, as does shared memory.
 */
export function compact(values: readonly unknown[], transfer: readonly Transferable[] = []): readonly unknown[] {
  let compacted: unknown[] | undefined;
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (!ArrayBuffer.isView(value)) continue;
    const { buffer } = value;
    const byteLength = byteLengthOf(value);
    if (byteLength === 0 || byteLength * 2 > buffer.byteLength) continue;
    if (types.isSharedArrayBuffer(buffer) || transfer.includes(buffer)) continue;
    compacted ??= [...values];
    const first = values.indexOf(value);
    compacted[index] = first < index ? compacted[first] : ownBytes(value, buffer, byteLength);
  }
  return compacted ?? values;
}

const kindOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)!.get!;

/**
 * A view of the same kind over a copy of its bytes: what structured clone makes of one. `slice()` would construct what the
 * class of the view says, by a constructor that may want other arguments.
 */
function ownBytes(view: ArrayBufferView, buffer: ArrayBuffer, byteLength: number): ArrayBufferView {
  const bytes = buffer.slice(view.byteOffset, view.byteOffset + byteLength);
  if (Buffer.isBuffer(view)) return Buffer.from(bytes);
  const kind = kindOf.call(view) as 'Uint8Array' | undefined;
  return kind === undefined ? new DataView(bytes) : new globalThis[kind](bytes);
}

/** 0 for memory that moved away; a DataView over it would throw. */
export function byteLengthOf(memory: ArrayBufferView | ArrayBufferLike): number {
  try {
    return memory.byteLength;
  } catch {
    return 0;
  }
}

function visit(value: object, depth: number, search: Search): void {
  if (Buffer.isBuffer(value)) {
    (search.found ??= []).push(search.path.slice(0, depth + 1));
    return;
  }
  if (depth === MAX_DEPTH) return;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && search.visitsLeft > 0; index++) {
      visitPart(value[index], index, depth + 1, search);
    }
  } else if (hasCopiedProperties(value)) {
    for (const key of Object.keys(value)) {
      if (search.visitsLeft <= 0) return;
      visitPart(value[key], key, depth + 1, search);
    }
  }
}

function visitPart(part: unknown, key: string | number, depth: number, search: Search): void {
  search.visitsLeft--;
  if (typeof part !== 'object' || part === null) return;
  search.path[depth] = key;
  visit(part, depth, search);
}

/** Whether structured clone copies the own properties of an object; where it knows the kind of object, it does not. */
function hasCopiedProperties(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  return !(types.isMap(value) || types.isSet(value) || types.isNativeError(value) || ArrayBuffer.isView(value));
}

function holderAt(holder: unknown, key: string | number): unknown {
  if (typeof holder !== 'object' || holder === null) return undefined;
  return (holder as Record<string | number, unknown>)[key];
}
