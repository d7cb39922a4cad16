import type { Transferable } from 'node:worker_threads';

/**
 * Clones values within this thread, as a message to another one would. What moves is gone from `values`.
 *
 * Jest runs tests in a realm of their own, while Node.js clones into the main one: there a cloned Date is no
 * `instanceof Date`. What was cloned is brought over, so that it is what a real worker would see.
 * @throws what `structuredClone` throws.
 */
export function cloneHere(values: readonly unknown[], transfer: readonly Transferable[] = []): unknown[] {
  // The types of Node's transfer lists and those of the DOM's name the same objects.
  const copies = structuredClone([...values], { transfer: [...transfer] as ArrayBuffer[] }) as unknown[];
  if (Object.getPrototypeOf(copies) !== Array.prototype) adopt(copies, new Set());
  return copies;
}

/** Gives what structured clone made in another realm the prototypes of this one. */
function adopt(value: unknown, seen: Set<object>): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  const prototype = Object.getPrototypeOf(value) as { readonly constructor?: { readonly name: string } } | null;
  const own = (globalThis as Readonly<Record<string, unknown>>)[prototype?.constructor?.name ?? ''];
  const isForeign = typeof own === 'function' && own.prototype !== prototype && typeof own.prototype === 'object';
  if (isForeign) Object.setPrototypeOf(value, own.prototype as object);
  if (value instanceof Map) {
    for (const entry of value) for (const part of entry) adopt(part, seen);
  } else if (value instanceof Set) {
    for (const item of value) adopt(item, seen);
  } else if (!ArrayBuffer.isView(value)) {
    // An error's cause is an own property, though a hidden one.
    for (const key of Object.getOwnPropertyNames(value)) adopt(Reflect.get(value, key), seen);
  }
}
