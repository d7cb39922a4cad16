import type { Transferable } from 'node:worker_threads';

const lists = new WeakMap<object, readonly Transferable[]>();

/**
 * Marks a task's result so that the objects in `list` move to the caller instead of being copied. Returns the value
 * itself; on the main thread it has no effect.
 * @example return transfer(pixels, [pixels.buffer]);
 */
export function transfer<T>(value: T, list: readonly Transferable[]): T {
  if (typeof value === 'object' && value !== null) lists.set(value, list);
  return value;
}

/** What `transfer` was told about this value. */
export function transferListOf(value: unknown): readonly Transferable[] | undefined {
  return typeof value === 'object' && value !== null ? lists.get(value) : undefined;
}
